"""What happened to the rows of a system (data sets, hosting sites…): added, changed, removed, all in one query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models import AISystem
from registry.models.parts import PART_MODELS
from registry.serializers.history_entries import Entry, FieldChange, language_of
from registry.services.answers import shown_value

# Of one part; older ones are kept in the database and not shown.
MOST_STATES = 500
ROW_TYPES = {model._meta.label_lower for model in PART_MODELS.values()}
# uuid of a system or of a row, version that a program saved → who.
Programs = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class RowState:
    """One row as it was saved: `label` is insert, update or delete; `before`, the state that it replaced. `at`: when it
    was written, or last written before it was removed; `kept_at`: when the transaction that wrote or removed it began.
    """

    part: Part
    label: str
    at: datetime
    kept_at: datetime
    uuid: str
    version: int
    by: str
    values: Mapping[str, Any]
    before: "RowState | None" = None


def row_states(system: AISystem, *, since: datetime, until: datetime | None) -> list[RowState]:
    """The states saved in this span of time, each with the one before it."""
    parts = {f"of_{part.code}": ArraySubquery(_states(part)) for part in CATALOGUE.parts}
    found = AISystem.objects.filter(pk=system.pk).order_by().annotate(**parts).values(*parts).get()
    states: list[RowState] = []
    for part in CATALOGUE.parts:
        latest: dict[str, RowState] = {}
        for row in reversed(found[f"of_{part.code}"]):
            state = _state(part, row, latest.get(row["uuid"]))
            latest[state.uuid] = state
            states.append(state)
    return [state for state in states if state.kept_at >= since and (until is None or state.kept_at < until)]


def _states(part: Part) -> Any:
    events = PART_MODELS[part.code].pgh_event_models["insert"]  # type: ignore[attr-defined]
    columns: dict[str, Any] = {
        "label": F("pgh_label"),
        "at": F("updated_at"),
        "kept_at": F("pgh_created_at"),
        "uuid": F("uuid"),
        "version": F("version"),
        "by": F("updated_by_id"),
    }
    for field in _shown(part):
        columns[f"v_{field.code}"] = Cast(field.code, TextField()) if field.kind == "decimal" else F(field.code)
    rows = events.objects.filter(system_id=OuterRef("pk")).order_by("-pgh_id")
    return rows.values(json=JSONObject(**columns))[:MOST_STATES]


def _shown(part: Part) -> list[Field]:
    return [field for field in part.columns if field.kind != "row"]


def _state(part: Part, row: Mapping[str, Any], before: RowState | None) -> RowState:
    values = {field.code: _value(field, row[f"v_{field.code}"]) for field in _shown(part)}
    at, kept_at = _moment(row["at"]), _moment(row["kept_at"])
    return RowState(part, row["label"], at, kept_at, row["uuid"], row["version"], str(row["by"]), values, before)


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"The history of a row holds a moment that nobody can read: {text!r}.")
    return found


def _value(field: Field, value: Any) -> Any:
    if value is None or field.kind not in {"date", "decimal"}:
        return value
    return date.fromisoformat(value) if field.kind == "date" else Decimal(value)


def row_entries(
    states: list[RowState], people: Mapping[str, str], removals: Mapping[str, tuple[datetime, str]], programs: Programs
) -> Iterator[Entry]:
    """`removals`: row → when it was removed and by whom, which only the ledger knows; it was not told of measures that
    left with their benefit, in one transaction.
    """
    erased = _("a person whose account was erased")
    removed = [one for one in states if one.label == "delete"]
    together = {one.kept_at: removals[one.uuid] for one in removed if one.uuid in removals}
    titles = {"insert": _("Added: %(what)s"), "update": _("Changed: %(what)s"), "delete": _("Removed: %(what)s")}
    for state in states:
        changes = tuple(_changes(state))
        if state.label == "update" and not changes:
            continue
        at, who = state.at, programs.get((state.uuid, state.version)) or people.get(state.by, erased)
        if state.label == "delete":
            at, who = removals.get(state.uuid) or together.get(state.kept_at, (state.kept_at, erased))
        title = titles[state.label] % {"what": state.part.one[reader_language()]}
        yield Entry(at, who, title, detail=_name(state), changes=changes)


def _name(state: RowState) -> str:
    """The first answer of the row says which one it is."""
    texts = (shown_value(field, state.values[field.code]) for field in _shown(state.part))
    return next((text for text in texts if text), "")


def _changes(state: RowState) -> Iterator[FieldChange]:
    """Of a row that was removed, what it said; of one that was added, what it says."""
    for field in _shown(state.part):
        old = state.before.values[field.code] if state.before and state.label == "update" else None
        new = state.values[field.code]
        if state.label == "delete":
            old, new = new, None
        before, after = shown_value(field, old), shown_value(field, new)
        if before != after:
            yield FieldChange(field.label[reader_language()], before, after, language_of(field))
