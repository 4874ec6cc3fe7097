"""What happened to one system: acts of the ledger and saved changes in one line of time."""

from bisect import bisect_left
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
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, PhaseChange, Solution
from registry.serializers.history_entries import Entry, FieldChange, language_of
from registry.serializers.history_programs import CHANGED, by_programs, events_of_programs, people_through_tokens
from registry.serializers.row_history import ROW_TYPES, Programs, row_entries, row_states
from registry.serializers.sheets import words

# Autosave writes a row each few seconds: changes of one person with no longer pause than this read as one.
ONE_SITTING = timedelta(minutes=30)
FIELDS = (*CATALOGUE.fields, *CATALOGUE.twins)


@dataclass
class _Sitting:
    """What one person, or one `program` of theirs, saved without a long pause, and with nothing else in between."""

    by: int | None
    program: str
    at: datetime
    before: Any
    after: Any

    @property
    def hand(self) -> tuple[Any, ...]:
        return self.by, self.program, self.after.source_run

    def goes_on_with(self, save: "_Sitting", others: list[datetime]) -> bool:
        """`others`: the moments of everything else, in order."""
        is_soon = save.at - self.at <= ONE_SITTING
        return self.hand == save.hand and is_soon and bisect_left(others, self.at) == bisect_left(others, save.at)


def timeline(system: AISystem, rows: list[Any], *, newer: Any = None, is_oldest: bool = True) -> list[Entry]:
    """`rows`: consecutive history rows, latest first; unless it opened the record (`is_oldest`), the last of them only
    tells what stood before the others. `newer`: the row that came after them, if any.
    """
    since = rows[-1 if is_oldest or len(rows) < 2 else -2].pgh_created_at if rows else system.created_at
    until = newer.pgh_created_at if newer else None
    events, states = list(_events(system, since=since, until=until)), row_states(system, since=since, until=until)
    through = events_of_programs(system, {one.uuid for one in states})
    keys = {*(str(row.updated_by_id) for row in rows), *(one.by for one in states)}
    people = _people([*events, *through], keys)
    programs = by_programs(through, people)
    saves = list(_saves(rows[::-1], str(system.uuid), programs))
    removals = {event.object_ref: (event.at, _actor(event, people)) for event in events if event.verb == "remove_part"}
    phases = {str(change.uuid): change for change in system.phase_changes.all()}
    entries = [_event_entry(event, people, phases, saves) for event in events if event.object_type not in ROW_TYPES]
    entries += row_entries(states, people, removals, programs)
    told_by_ledger = {change.changed_at for change in phases.values()}
    typed = [save for save in saves if save.after.updated_at not in told_by_ledger]
    entries += [_answers_entry(sitting, people) for sitting in _sittings(typed, sorted(one.at for one in entries))]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _saves(rows: list[Any], uuid: str, programs: Programs) -> Iterator[_Sitting]:
    """What each row changed of the one before it. Who writes holds the lock of the system: moments never go back."""
    latest: datetime | None = None
    for before, after in pairwise(rows):
        moment = after.updated_at if after.updated_at != before.updated_at else after.pgh_created_at
        latest = max(latest or moment, moment)
        yield _Sitting(after.updated_by_id, programs.get((uuid, after.version), ""), latest, before, after)


def _sittings(saves: Iterable[_Sitting], others: list[datetime]) -> Iterator[_Sitting]:
    """Saves that read as one. An entry bears the time of its last save and never jumps over another entry."""
    current: _Sitting | None = None
    for save in saves:
        if not _differ(save.before, save.after):
            continue
        if current and current.goes_on_with(save, others):
            current.after, current.at = save.after, save.at
            continue
        if current and _differ(current.before, current.after):
            yield current
        current = save
    if current and _differ(current.before, current.after):
        yield current


def _differ(before: Any, after: Any) -> bool:
    return any(not each.is_same(getattr(before, each.code), getattr(after, each.code)) for each in FIELDS)


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
    found = AuditEvent.objects.filter(about, at__gte=since).exclude(verb=CHANGED).order_by("-at", "-id")
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
    return found | people_through_tokens(events) | _solutions(events)


def _solutions(events: Iterable[AuditEvent]) -> dict[str, str]:
    """uuid of each solution → its name. No query when none was ever named."""
    uuids = {event.facts["solution"] for event in events if "solution" in event.facts}
    found = Solution.objects.filter(uuid__in=uuids).only("uuid", "name_fr", "name_en") if uuids else ()
    return {str(solution.uuid): str(solution.name) for solution in found}


def _answers_entry(sitting: _Sitting, people: Mapping[str, str]) -> Entry:
    who = sitting.program or people.get(str(sitting.by), _("a person whose account was erased"))
    return Entry(sitting.at, who, _("Answers changed"), changes=tuple(_changes(sitting.before, sitting.after)))


def _changes(before: Any, after: Any) -> Iterator[FieldChange]:
    language = reader_language()
    for each in FIELDS:
        old, new = getattr(before, each.code), getattr(after, each.code)
        if not each.is_same(old, new):
            yield FieldChange(each.label[language], words(each, old), words(each, new), language_of(each))


def _event_entry(
    event: AuditEvent, people: Mapping[str, str], phases: Mapping[str, PhaseChange], saves: Iterable[_Sitting]
) -> Entry:
    """A change of phase is told here once, with its day, its reason, and the dates that followed it."""
    who, title = _actor(event, people), _title(event)
    change = phases.get(event.facts.get("change", ""))
    if change is None:
        return Entry(event.at, who, title, detail=_detail(event, people))
    written = [save for save in saves if save.after.updated_at == change.changed_at]
    phase = CATALOGUE.label("phase", reader_language())
    dates = tuple(each for save in written for each in _changes(save.before, save.after) if each.label != phase)
    return Entry(event.at, who, title, detail=change.reason, day=change.happened_on, changes=dates)


def _actor(event: AuditEvent, people: Mapping[str, str]) -> str:
    if event.actor_kind == ActorKind.PERSON:
        return people.get(event.actor_ref, _("a person whose account was erased"))
    return {
        ActorKind.TOKEN: people.get(event.actor_ref, _("a program, by its access token")),
        ActorKind.JOB: _("Vigie itself (%(job)s)") % {"job": event.actor_ref},
        ActorKind.IMPORT: _("an import"),
        ActorKind.VISITOR: _("a visitor"),
        ActorKind.GUEST: _("an invited person"),
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
