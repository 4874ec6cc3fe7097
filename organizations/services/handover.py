"""«Passer le relais»: everything that a person holds in a body goes to another one, whichever room keeps it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed
from organizations import permissions
from organizations.models import Organization, User
from organizations.services.members import add_membership, givable_roles, held
from organizations.workflow import Role


class TakeOver(Protocol):
    """A service that gives to `to` what `person` holds in this body, and says how many things went."""

    def __call__(self, *, person: User, organization: Organization, to: User, by: User) -> int: ...


@dataclass(frozen=True)
class HandOverSource:
    """One kind of thing that a person may hold (HANDOVER_SOURCES): its name, what there is, how it goes over."""

    code: str
    title: Promise
    held_by: Callable[[User, Organization], list[str]]
    take_over: TakeOver


@dataclass(frozen=True)
class Holding:
    """What one person holds of one kind, in words."""

    code: str
    title: str
    things: list[str]


def sources() -> list[HandOverSource]:
    """Functions come first: what follows asks whether the person may hold it."""
    return [import_string(path) for path in settings.HANDOVER_SOURCES]


def holdings(person: User, organization: Organization) -> list[Holding]:
    """Every kind of which there is something."""
    found = [Holding(one.code, str(one.title), one.held_by(person, organization)) for one in sources()]
    return [one for one in found if one.things]


@transaction.atomic
def hand_over(
    *, organization: Organization, person: User, to: User, kinds: Collection[str], by: User
) -> dict[str, int]:
    """All of these kinds at once, or nothing. Raises `InvalidInput` for a receiver who does not belong to the body or
    may not hold one of the things.
    """
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if not permissions.can_manage_members(by, organization):
        raise NotAllowed(_("Only the administration of this body hands over what a person holds."))
    if to.pk == person.pk or not held(organization, user=to).exists():
        raise InvalidInput(_("Choose another person of this body."), field="to")
    chosen = [one for one in sources() if one.code in kinds]
    if not chosen:
        raise InvalidInput(_("Choose what is handed over."), field="kinds")
    counts = {one.code: one.take_over(person=person, organization=organization, to=to, by=by) for one in chosen}
    facts = {"person": str(person.uuid), "to": str(to.uuid), "counts": counts}
    record(by=by, verb="hand_over", thing=organization, organization=organization, facts=facts)
    return counts


def functions_of(person: User, organization: Organization) -> list[str]:
    rows = held(organization, user=person).order_by("pk").values_list("role", flat=True)
    return [str(Role(role).label) for role in rows]


@transaction.atomic
def take_over_functions(*, person: User, organization: Organization, to: User, by: User) -> int:
    """The functions that `by` may give: the other one receives them, then the first one holds them no more."""
    roles = set(givable_roles(by, organization))
    moving = held(organization, user=person).select_for_update(of=("self",)).order_by("pk")
    rows = [row for row in moving if row.role in roles]
    for row in rows:
        if not held(organization, row.role, user=to).exists():
            add_membership(organization=organization, user=to, role=row.role, by=by, ends_on=row.ends_on)
        row.ended_at, row.ended_by = clock.now(), by
        row.save()
        facts = {"role": row.role, "person": str(person.uuid)}
        record(by=by, verb="end_role", thing=organization, organization=organization, facts=facts)
    for one in (person, to, by):
        permissions.forget_known_permissions(one)
    return len(rows)


FUNCTIONS = HandOverSource("functions", gettext_lazy("Functions"), functions_of, take_over_functions)
