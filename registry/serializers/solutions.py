"""A solution as staff read it: its fields in words, its claims, what happened to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import AuditEvent
from core.models.audit import ActorKind
from core.text import reader_language
from organizations.models import User
from registry.field_catalogue import CATALOGUE, Part
from registry.models import Solution, SolutionClaim
from registry.serializers.history_entries import Entry, FieldChange, language_of
from registry.services.answers import shown_value

SOLUTION, CLAIM = CATALOGUE.shared_part("solution_facts"), CATALOGUE.shared_part("supplier_claims")
# Of one solution and its claims; older ones are kept in the database and not shown.
MOST_STATES = 200


@dataclass(frozen=True)
class SolutionField:
    label: str
    text: str
    language: str
    is_internal: bool
    reason: str


def solution_fields(solution: Solution) -> list[SolutionField]:
    """Every field, filled in or not, with who may read it."""
    language = reader_language()
    return [
        SolutionField(
            field.label[language],
            shown_value(field, getattr(solution, field.code)),
            language_of(field),
            field.visibility != "public",
            field.visibility_reason[language],
        )
        for field in SOLUTION.fields
    ]


def solution_history(solution: Solution) -> list[Entry]:
    """Saved states of the description and of its claims, latest first. Four queries."""
    states: Any = Solution.pgh_event_models["insert"]  # type: ignore[attr-defined]
    claims: Any = SolutionClaim.pgh_event_models["insert"]  # type: ignore[attr-defined]
    saved = list(states.objects.filter(pgh_obj_id=solution.pk).order_by("-pgh_id")[:MOST_STATES])
    noted = list(claims.objects.filter(solution_id=solution.pk).order_by("-pgh_id")[:MOST_STATES])
    acts = _acts(solution, noted)
    people = _people({row.updated_by_id for row in saved} | {row.noted_by_id for row in noted}, acts)
    found = [*_of_solution(saved[::-1], people), *_of_claims(noted[::-1], people, acts)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _acts(solution: Solution, noted: list[Any]) -> dict[str, AuditEvent]:
    """Claim → the act that removed it: its row does not know who."""
    gone = [str(row.uuid) for row in noted if row.pgh_label == "delete"]
    events = AuditEvent.objects.filter(verb="remove_claim", object_ref__in=gone).order_by("id") if gone else ()
    return {event.object_ref: event for event in events}


def _people(keys: set[int], acts: Mapping[str, AuditEvent]) -> dict[str, str]:
    uuids = {event.actor_ref for event in acts.values() if event.actor_kind == ActorKind.PERSON}
    found: dict[str, str] = {}
    for person in User.objects.filter(Q(pk__in=keys) | Q(uuid__in=uuids)).only("uuid", "name", "email"):
        found[str(person.pk)] = found[str(person.uuid)] = str(person)
    return found


def _of_solution(saved: list[Any], people: Mapping[str, str]) -> Iterator[Entry]:
    """A state that differs by its stamps alone tells of a claim, which has its own line."""
    before = None
    for row in saved:
        who = people.get(str(row.updated_by_id), _("a person whose account was erased"))
        changes = tuple(_changes(SOLUTION, before, row))
        if before is None and row.pgh_label == "insert":
            yield Entry(row.updated_at, who, _("Solution entered"), changes=changes)
        elif before is not None and row.organization_id != before.organization_id:
            yield Entry(row.updated_at, who, _("Kept up by another body from now on"))
        elif before is not None and changes:
            yield Entry(row.updated_at, who, _("Description changed"), changes=changes)
        before = row


def _of_claims(noted: list[Any], people: Mapping[str, str], acts: Mapping[str, AuditEvent]) -> Iterator[Entry]:
    erased = _("a person whose account was erased")
    titles = {
        "insert": _("Claim of the supplier noted"),
        "update": _("Claim of the supplier changed"),
        "delete": _("Claim of the supplier removed"),
    }
    latest: dict[Any, Any] = {}
    for row in noted:
        before, after = latest.get(row.pgh_obj_id), row
        if row.pgh_label == "delete":
            act = acts.get(str(row.uuid))
            who = people.get(act.actor_ref, erased) if act else erased
            before, after = row, None
        else:
            who = people.get(str(row.noted_by_id), erased)
        at = row.pgh_created_at if row.pgh_label == "delete" else row.noted_at
        yield Entry(at, who, titles[row.pgh_label], changes=tuple(_changes(CLAIM, before, after)))
        latest[row.pgh_obj_id] = row


def _changes(part: Part, before: Any, after: Any) -> Iterator[FieldChange]:
    for field in part.columns:
        old, new = (shown_value(field, getattr(row, field.code)) if row else "" for row in (before, after))
        if old != new:
            yield FieldChange(field.label[reader_language()], old, new, language_of(field))
