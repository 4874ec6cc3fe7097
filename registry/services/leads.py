"""Who keeps the record of a system, and what becomes of it when that person leaves."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization, Succession, User
from organizations.permissions import Permission, is_permitted
from organizations.services.handover import HandOverSource
from registry import permissions
from registry.models import AISystem
from registry.models.system import AISystemQuerySet
from registry.services.parts import check_not_put_away
from registry.services.systems import check_open


@transaction.atomic
def change_lead(*, system: AISystem, to: User, by: User) -> AISystem:
    """Another person keeps the record: somebody of the body whose functions let them change it."""
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    check_not_put_away(system)
    _check_may_lead(to, system.organization)
    if system.lead_id != to.pk:
        _give(system, to, by)
    return system


def _check_may_lead(person: User, organization: Organization) -> None:
    if not is_permitted(person, Permission.EDIT_SYSTEMS, organization):
        raise InvalidInput(
            _("This person may not change the systems of the body: give them a function that does, first."), field="to"
        )


def _give(system: AISystem, to: User, by: User) -> None:
    """Who wrote the answers stays who wrote them: neither version nor author of the last change moves."""
    system.lead = to
    system.save(update_fields=["lead"])
    facts = {"person": str(to.uuid)}
    record(by=by, verb="change_lead", thing=system, organization=system.organization, facts=facts)


def kept_by(person: User) -> Q:
    """The records that wait for this person: theirs, or those they opened while nobody is named."""
    return Q(lead=person) | Q(lead__isnull=True, created_by=person)


def _systems_of(person: User, organization: Organization) -> AISystemQuerySet:
    return AISystem.objects.filter(kept_by(person), organization=organization).order_by("sort_key", "pk")


def systems_held_by(person: User, organization: Organization) -> list[str]:
    rows = _systems_of(person, organization).values_list("name_fr", "reference")
    return [f"{name} ({reference})" if reference else f"{name} ({_('draft')})" for name, reference in rows]


@transaction.atomic
def take_over_systems(*, person: User, organization: Organization, to: User, by: User) -> int:
    """Systems, drafts, and the requests sent back about them: they wait for whoever keeps the record."""
    found = list(_systems_of(person, organization).select_for_update(of=("self",)).select_related("organization"))
    if found:
        _check_may_lead(to, organization)
    for system in found:
        _give(system, to, by)
    return len(found)


SYSTEMS = HandOverSource(
    "systems",
    gettext_lazy("Records of systems, drafts, and publications sent back"),
    systems_held_by,
    take_over_systems,
)


def successor_of(organization: Organization) -> Organization | None:
    """The open body that carries on the work of a closed one, through several mergers if need be."""
    found, seen = organization, {organization.pk}
    while found.closed_on:
        step = Succession.objects.filter(predecessor=found).select_related("successor").order_by("-pk").first()
        if step is None or step.successor_id in seen:
            return None
        found = step.successor
        seen.add(found.pk)
    return found if found.pk != organization.pk else None


def may_hand_to_successor(user: User, system: AISystem) -> bool:
    """Those who wrote the draft, and those who administer what the closed body left."""
    return any(
        is_permitted(user, permission, system.organization)
        for permission in (Permission.EDIT_SYSTEMS, Permission.MANAGE_MEMBERS)
    )


@transaction.atomic
def hand_to_successor(*, system: AISystem, by: User) -> AISystem:
    """A draft of a body that was merged goes on in the body that carries on its work. A declared system stays under
    its number, which names the body that declared it.
    """
    if not may_hand_to_successor(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    check_not_put_away(system)
    target = successor_of(system.organization)
    if system.is_declared or target is None:
        raise NotPossibleNow(_("Only a draft of a merged body is handed to the body that carries on its work."))
    check_open(target)
    former = system.organization
    system.organization = target
    if system.lead and not is_permitted(system.lead, Permission.EDIT_SYSTEMS, target):
        system.lead = by if is_permitted(by, Permission.EDIT_SYSTEMS, target) else None
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save()
    record(by=by, verb="hand_to_successor", thing=system, organization=target, facts={"from": str(former.uuid)})
    return system
