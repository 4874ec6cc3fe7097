"""What the declared systems that a person keeps wait for: their review, an acceptance, wanted answers."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from organizations.models import User
from organizations.permissions import Permission, organizations_where
from organizations.services.todo import TodoItem
from registry.field_catalogue import Field, Part
from registry.models import AISystem
from registry.models.rows import prefetch_rows
from registry.public.facts import answers_of, progress_of
from registry.rules.attention import departs_from_principle_4, departure_is_answered
from registry.services.leads import kept_by
from registry.workflow import Phase

MOST_SYSTEMS = 50
# A review is announced a month before its day.
ANNOUNCED = timedelta(days=30)
IN_SERVICE = (Phase.IN_SERVICE, Phase.REGULARIZING)


def waiting_for_keeper(user: User) -> list[TodoItem]:
    """Two queries, whatever the number of systems."""
    today = clock.civil_date(clock.now())
    bodies = organizations_where(user, Permission.EDIT_SYSTEMS).values("pk")
    wanted = (
        Q(review_due_on__lte=today + ANNOUNCED) | Q(autonomy="alone", affects_rights="yes") | Q(phase__in=IN_SERVICE)
    )
    mine = AISystem.objects.declared().in_use().filter(kept_by(user), wanted, organization__in=bodies)
    ordered = mine.order_by(F("review_due_on").asc(nulls_last=True), "pk")[:MOST_SYSTEMS]
    kept = list(ordered)
    prefetch_rows(kept)
    return [item for system in kept for item in _items(system, user, today)]


def why_me(system: AISystem, user: User) -> str:
    if system.lead_id == user.pk:
        return _("You keep this record.")
    return _("You opened this record, and nobody else is named to keep it.")


def _items(system: AISystem, user: User, today: date) -> Iterator[TodoItem]:
    answers, reason = answers_of(system), why_me(system, user)
    if system.review_due_on and system.review_due_on <= today + ANNOUNCED:
        yield _item(system, reason, _("Review the record"), section="life", due_on=system.review_due_on)
    if departs_from_principle_4(answers) and not departure_is_answered(answers):
        yield _item(system, reason, _("Say why it departs from principle 4, and who accepts it"), section="decision")
    if system.phase in IN_SERVICE:
        found = [
            (each.section, asked) for each in progress_of(system) for asked in each.missing if not _is_apart(asked)
        ]
        if found:
            text = ngettext("%(name)s – %(count)d answer missing", "%(name)s – %(count)d answers missing", len(found))
            about = text % {"name": system.name, "count": len(found)}
            what = _("Complete what is wanted of a system in service")
            yield _item(system, reason, what, section=found[0][0], about=about)


def _is_apart(asked: Field | Part) -> bool:
    """The departure has a line of its own."""
    return isinstance(asked, Field) and asked.asked_when == "departure"


def _item(
    system: AISystem, reason: str, what: str, *, section: str, due_on: date | None = None, about: str = ""
) -> TodoItem:
    address = reverse("registry:section", args=[system.uuid, section])
    return TodoItem(what=what, about=about or str(system.name), why_me=reason, due_on=due_on, address=address)
