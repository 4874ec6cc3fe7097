"""What happened to one system: acts of the ledger and saved changes in one line of time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import AuditEvent
from core.models.audit import ActorKind
from core.text import reader_language
from organizations.models import AccessToken, User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, Solution
from registry.serializers.history_entries import Entry, FieldChange, language_of
from registry.serializers.row_history import ROW_TYPES, row_entries, row_states
from registry.serializers.sheets import words

# Autosave writes a row each few seconds: changes of one person with no longer pause than this read as one.
ONE_SITTING = timedelta(minutes=30)
FIELDS = (*CATALOGUE.fields, *CATALOGUE.twins)


@dataclass
class _Sitting:
    """Rows of the history that one person wrote without a long pause, oldest first."""

    by: int | None
    last: datetime
    before: Any
    after: Any


def timeline(system: AISystem, rows: list[Any], *, is_latest: bool) -> list[Entry]:
    """`rows`: consecutive history rows, latest first; the oldest only tells what stood before the others."""
    sittings = list(_sittings(list(reversed(rows))))
    since = rows[-1].pgh_created_at if rows else system.created_at
    until = None if is_latest else rows[0].pgh_created_at
    events = list(_events(system, since=since, until=until))
    states = row_states(system, since=since, until=until)
    people = _people(events, {*(str(sitting.by) for sitting in sittings if sitting.by), *(one.by for one in states)})
    reasons = {str(uuid): reason for uuid, reason in system.phase_changes.values_list("uuid", "reason")}
    removed_by = {event.object_ref: _actor(event, people) for event in events if event.verb == "remove_part"}
    entries = [entry for sitting in sittings if (entry := _sitting_entry(sitting, people))]
    entries += [_event_entry(event, people, reasons) for event in events if event.object_type not in ROW_TYPES]
    entries += row_entries(states, people, removed_by)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _sittings(rows: list[Any]) -> Iterator[_Sitting]:
    current: _Sitting | None = None
    for before, after in pairwise(rows):
        goes_on = (
            current is not None
            and current.by == after.updated_by_id
            and after.updated_at - current.last <= ONE_SITTING
            and before.status == after.status
        )
        if current is not None and goes_on:
            current.after, current.last = after, after.updated_at
            continue
        if current is not None:
            yield current
        current = _Sitting(after.updated_by_id, after.updated_at, before, after)
    if current is not None:
        yield current


def _events(system: AISystem, *, since: datetime, until: datetime | None) -> Iterable[AuditEvent]:
    """Acts on the system, on its publications and on their second looks."""
    publications = [str(uuid) for uuid in system.publications.order_by("pk").values_list("uuid", flat=True)]
    cases = [str(u) for u in system.publication_requests.order_by("pk").values_list("case__uuid", flat=True)]
    about = (
        Q(object_type="registry.aisystem", object_ref=str(system.uuid))
        | Q(object_type="registry.publication", object_ref__in=publications)
        | Q(object_type="review.case", object_ref__in=cases)
        | Q(object_type__in=ROW_TYPES, verb="remove_part", facts__system=str(system.uuid))
    )
    # An act and its row of history are one transaction: the row is dated by its beginning, a little before the act.
    found = AuditEvent.objects.filter(about, at__gte=since).order_by("-at", "-id")
    return found.filter(at__lt=until) if until else found


def _people(events: Iterable[AuditEvent], keys: Iterable[str]) -> dict[str, str]:
    """uuid and key of each person → their name, in one query; the ledger itself names nobody. Solutions that systems
    named are told the same way.
    """
    uuids = {event.actor_ref for event in events if event.actor_kind == ActorKind.PERSON}
    uuids |= {event.facts["person"] for event in events if "person" in event.facts}
    found: dict[str, str] = {}
    for person in User.objects.filter(Q(uuid__in=uuids) | Q(pk__in=keys)).only("uuid", "name", "email"):
        found[str(person.uuid)] = found[str(person.pk)] = str(person)
    return found | _people_through_tokens(events) | _solutions(events)


def _solutions(events: Iterable[AuditEvent]) -> dict[str, str]:
    """uuid of each solution → its name. No query when none was ever named."""
    uuids = {event.facts["solution"] for event in events if "solution" in event.facts}
    found = Solution.objects.filter(uuid__in=uuids).only("uuid", "name_fr", "name_en") if uuids else ()
    return {str(solution.uuid): str(solution.name) for solution in found}


def _people_through_tokens(events: Iterable[AuditEvent]) -> dict[str, str]:
    """uuid of each token → whose it is and what it is called. No query when no program wrote."""
    uuids = {event.actor_ref for event in events if event.actor_kind == ActorKind.TOKEN}
    tokens = AccessToken.objects.filter(uuid__in=uuids).select_related("user") if uuids else ()
    told = _("%(person)s, by the token «%(name)s»")
    return {str(token.uuid): told % {"person": token.user, "name": token.name} for token in tokens}


def _sitting_entry(sitting: _Sitting, people: Mapping[str, str]) -> Entry | None:
    changes = tuple(_changes(sitting.before, sitting.after))
    if not changes:
        return None
    who = people.get(str(sitting.by), _("a person whose account was erased"))
    return Entry(sitting.last, who, _("Answers changed"), changes=changes)


def _changes(before: Any, after: Any) -> Iterator[FieldChange]:
    language = reader_language()
    for each in FIELDS:
        old, new = getattr(before, each.code), getattr(after, each.code)
        if old != new:
            yield FieldChange(each.label[language], words(each, old), words(each, new), language_of(each))


def _event_entry(event: AuditEvent, people: Mapping[str, str], reasons: Mapping[str, str]) -> Entry:
    detail = reasons.get(event.facts.get("change", ""), "") or _detail(event, people)
    return Entry(event.at, _actor(event, people), _title(event), detail=detail)


def _actor(event: AuditEvent, people: Mapping[str, str]) -> str:
    if event.actor_kind == ActorKind.PERSON:
        return people.get(event.actor_ref, _("a person whose account was erased"))
    return {
        ActorKind.TOKEN: people.get(event.actor_ref, _("a program, by its access token")),
        ActorKind.JOB: _("Vigie itself (%(job)s)") % {"job": event.actor_ref},
        ActorKind.IMPORT: _("an import"),
        ActorKind.VISITOR: _("a visitor"),
    }[ActorKind(event.actor_kind)]


def _title(event: AuditEvent) -> str:
    titles = {
        "begin": _("Draft opened"),
        "declare": _("System declared"),
        "submit": _("Publication submitted to a second look"),
        "approve": _("Second look: approved"),
        "send_back": _("Second look: changes requested"),
        "publish": _("Version %(number)s published"),
        "withhold": _("Version %(number)s published: system not disclosed"),
        "grant": _("Access given to a person by exception"),
        "end_grant": _("Access by exception ended"),
        "import": _("Answers imported"),
        "change_phase": _("Phase changed: %(source)s → %(target)s"),
        "put_away": _("Record put away"),
        "bring_back": _("Record brought back into the lists"),
        "duplicate": _("Draft begun with the answers of another record"),
        "change_lead": _("Another person keeps the record"),
        "hand_to_successor": _("Draft handed to the body that carries on the work"),
        "use_solution": _("Solution named"),
        "detach_solution": _("Solution taken off"),
        "set_visibility": _("What the public reads was changed: %(field)s"),
    }
    if event.verb == "withdraw":
        is_request = event.object_type == "review.case"
        return _("Publication request withdrawn") if is_request else _("Sheet withdrawn from the public site")
    # Verbs that a later issue adds are shown as the ledger has them rather than hidden.
    return titles.get(event.verb, event.verb) % _words_of(event.facts)


def _words_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of an act in the reader's words."""
    language = reader_language()
    phases = dict(CATALOGUE.choices("phase", language))
    known = {each.code: each.label[language] for each in FIELDS}
    return {
        "number": facts.get("number", ""),
        "source": phases.get(facts.get("from", ""), "–"),
        "target": phases.get(facts.get("to", ""), "–"),
        "field": known.get(facts.get("field", ""), ""),
    }


def _detail(event: AuditEvent, people: Mapping[str, str]) -> str:
    facts = event.facts
    if event.verb == "grant":
        told = {"person": people.get(facts.get("person", ""), "?"), "day": facts.get("until", "")}
        return _("%(person)s, until %(day)s") % told
    if event.verb in {"use_solution", "detach_solution"}:
        return people.get(facts.get("solution", ""), "")
    if event.verb in {"end_grant", "change_lead"}:
        return people.get(facts.get("person", ""), "")
    looks = {
        "given": _("A second person looked before publishing."),
        "recommended": _("Published without a second look, which the body recommends."),
        "impossible": _("Published without a second look, which the body says is impossible."),
    }
    return looks.get(facts.get("second_look", ""), "") if event.verb == "publish" else ""
