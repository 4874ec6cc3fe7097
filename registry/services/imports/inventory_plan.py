"""What would become of each row of an inventory: the same answer for the preview and for the import itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from core import clock
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, ImportRow, ImportRun
from registry.rules.days import refused_days
from registry.services.imports.inventory_columns import EXTERNAL_ID
from registry.services.imports.runs import problem_of
from registry.standards.inventory import parse_inventory_row
from registry.standards.tabular import Problem
from registry.standards.words import fold, one_line
from registry.workflow import Phase, RowOutcome, RunState, Status

Key = tuple[str, ...]
_DATES = frozenset(field.code for field in CATALOGUE.fields if field.kind == "date")
_KEY_COLUMNS = (f"values__{EXTERNAL_ID}", "values__name_fr", "values__unit_fr")


@dataclass(frozen=True)
class Planned:
    """One row: what it says, what is doubtful in it, and what importing it does to which system."""

    row: ImportRow
    values: dict[str, Any]
    problems: list[dict[str, Any]]
    outcome: RowOutcome
    system: AISystem | None = None

    @property
    def answers(self) -> dict[str, Any]:
        """The values as columns of a system hold them."""
        found = {code: value for code, value in self.values.items() if code != EXTERNAL_ID}
        days = {code: date.fromisoformat(found[code]) for code in _DATES & found.keys()}
        return found | days


@dataclass
class _Known:
    """How this body's systems may be called by a row, and the rows of this file already read."""

    keys: dict[Key, int] = field(default_factory=dict)
    has_id: set[int] = field(default_factory=set)
    renewals: dict[int, int] = field(default_factory=dict)
    first_rows: dict[Key, int] = field(default_factory=dict)
    # The column that holds the body's own identifier.
    id_column: str = ""
    # Number → what that row says: of the rows being planned, and of earlier ones that they repeat.
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def find(self, values: Mapping[str, Any]) -> int | None:
        """By the body's identifier; by name and unit unless that system has another identifier."""
        found = self.keys.get(key_of(values))
        if found is None and EXTERNAL_ID in values:
            by_name = self.keys.get(_name_key(values))
            found = by_name if by_name not in self.has_id else None
        return found


@dataclass(frozen=True)
class _Read:
    """A row and what it says, before it is compared with the register."""

    row: ImportRow
    values: dict[str, Any]
    problems: list[dict[str, Any]]
    comes_in: bool


def plan_rows(run: ImportRun, rows: Sequence[ImportRow], *, problems: Mapping[int, Sequence[Problem]]) -> list[Planned]:
    """In the order of the file. `problems`: what the reader of the file said of each row, by its number.

    A row is known by the body's own identifier when there is one, else by its name and unit. A system that is known is
    renewed only while nobody has touched the draft an import made: a person's work is never overwritten.
    """
    read = [_read(row, run.mapping["columns"], problems.get(row.number, ())) for row in rows]
    known = _gather(run, {row.number for row in rows})
    known.id_column = _id_column(run.mapping["columns"])
    _gather_repeated(run, read, known)
    found = {each.row.number: known.find(each.values) for each in read if each.comes_in}
    systems = AISystem.objects.in_bulk([key for key in found.values() if key is not None])
    return [_plan(each, known, systems.get(found.get(each.row.number) or 0)) for each in read]


def _read(row: ImportRow, columns: Mapping[str, str], problems: Sequence[Problem]) -> _Read:
    ours = {header: code for header, code in columns.items() if code and code != EXTERNAL_ID}
    read = parse_inventory_row(row.cells, ours, problems=problems)
    values: dict[str, Any] = dict(read.values)
    if values.get("phase") == Phase.IN_SERVICE:
        # Entering service is decided in Vigie; what serves already is recorded as it is, being put in order.
        values["phase"] = str(Phase.REGULARIZING)
    refused = _take_out_days(values)
    if external := external_id(row.cells, columns):
        values[EXTERNAL_ID] = external
    said = [problem_of(each.code, field=each.field, value=each.value, params=each.params) for each in read.problems]
    said += refused
    told = {problem.code for problem in problems if problem.column == _id_column(columns)}
    # One identifier merged over several rows is one system told on several rows, as a merged name is.
    code = "merged_identity" if "merged_cell" in told else "formula_result" if "formula_result" in told else ""
    if code and external:
        said.append(problem_of(code, field=EXTERNAL_ID, value=external))
    return _Read(row, values, said, read.comes_in and code != "merged_identity")


def _take_out_days(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Days that cannot be true stay out, each with its problem: the rules of the form hold for a file too."""
    days = {code: date.fromisoformat(values[code]) for code in _DATES & values.keys()}
    refused = refused_days(values | days, today=clock.civil_date(clock.now()))
    return [problem_of(str(refusal), field=code, value=values.pop(code)) for code, refusal in refused.items()]


def _plan(read: _Read, known: _Known, system: AISystem | None) -> Planned:
    if not read.comes_in:
        return Planned(read.row, read.values, read.problems, RowOutcome.REJECTED)
    first = known.first_rows.setdefault(key_of(read.values), read.row.number)
    if first != read.row.number:
        return _plan_repeat(read, first, known)
    planned = Planned(read.row, read.values, read.problems, RowOutcome.CREATED)
    if system is None:
        return planned
    if all(_same(system.value(code), value) for code, value in planned.answers.items()):
        return replace(planned, outcome=RowOutcome.UNCHANGED, system=system)
    if is_untouched(system, known.renewals.get(system.pk, 0)):
        return replace(planned, outcome=RowOutcome.UPDATED, system=system)
    problems = [*read.problems, problem_of("kept_as_edited")]
    return replace(planned, outcome=RowOutcome.UNCHANGED, system=system, problems=problems)


def _plan_repeat(read: _Read, first: int, known: _Known) -> Planned:
    """Word for word the same is a repeat; else nobody can tell which of the two rows is right."""
    if read.values == known.said[first]:
        note = problem_of("repeated_row", params={"first_row": first})
        return Planned(read.row, read.values, [*read.problems, note], RowOutcome.UNCHANGED)
    if external := read.values.get(EXTERNAL_ID):
        params = {"first_row": first, "identifier": external, "column": known.id_column}
        note = problem_of("duplicate_identifier", field=EXTERNAL_ID, params=params)
    else:
        note = problem_of("duplicate_row", params={"first_row": first})
    return Planned(read.row, read.values, [*read.problems, note], RowOutcome.REJECTED)


def is_untouched(system: AISystem, renewals: int) -> bool:
    """A draft made by an import, whose every later version an import made too."""
    return system.status == Status.DRAFT and system.source_run is not None and system.version == 1 + renewals


def _same(stored: Any, value: Any) -> bool:
    return set(stored) == set(value) if isinstance(stored, list) else bool(stored == value)


def external_id(cells: Mapping[str, str], columns: Mapping[str, str]) -> str:
    return one_line(cells.get(_id_column(columns), ""))[:200]


def _id_column(columns: Mapping[str, str]) -> str:
    return next((header for header, code in columns.items() if code == EXTERNAL_ID), "")


def key_of(values: Mapping[str, Any]) -> Key:
    """What a row is known by in this body."""
    external = values.get(EXTERNAL_ID)
    return ("id", str(external).casefold()) if external else _name_key(values)


def _name_key(values: Mapping[str, Any]) -> Key:
    return ("name", fold(values.get("name_fr") or ""), fold(values.get("unit_fr") or ""))


def _gather(run: ImportRun, planned: set[int]) -> _Known:
    """Four queries, whatever the size of the file; of each row no more than its key."""
    known = _Known()
    # Of two that bear one name, the older is the one the first file meant.
    systems = AISystem.objects.filter(organization=run.organization).order_by("-pk")
    for key, name, unit in systems.values_list("pk", "name_fr", "unit_fr").iterator():
        known.keys[_name_key({"name_fr": name, "unit_fr": unit})] = key
    earlier = ImportRow.objects.filter(run__organization=run.organization, system__isnull=False)
    for external, name, unit, key in earlier.order_by("pk").values_list(*_KEY_COLUMNS, "system_id").iterator():
        # The name by which a row came in stays its name in the next file, whatever people made of the draft since.
        known.keys.setdefault(_name_key({"name_fr": name, "unit_fr": unit}), key)
        if external:
            known.keys.setdefault(key_of({EXTERNAL_ID: external}), key)
            known.has_id.add(key)
    renewed = earlier.filter(outcome=RowOutcome.UPDATED).order_by("system")
    known.renewals = dict(renewed.values_list("system").annotate(count=Count("pk")))
    others = _other_rows(run, planned).order_by("number").values_list(*_KEY_COLUMNS, "number")
    for external, name, unit, number in others.iterator():
        values = {EXTERNAL_ID: external, "name_fr": name, "unit_fr": unit}
        known.first_rows.setdefault(key_of(values), number)
    return known


def _other_rows(run: ImportRun, planned: set[int]) -> QuerySet[ImportRow]:
    """Rows of this file that came in; before any does, those of the parts planned already."""
    others = run.rows.exclude(number__in=planned)
    if run.state == RunState.PREPARING:
        before = others.filter(number__lt=min(planned, default=0))
        return before.exclude(plan_outcome__in=["", RowOutcome.REJECTED])
    return others.exclude(outcome__in=[RowOutcome.WAITING, RowOutcome.REJECTED])


def _gather_repeated(run: ImportRun, read: Sequence[_Read], known: _Known) -> None:
    """What earlier rows say, of those that a row of this part repeats."""
    known.said = {each.row.number: each.values for each in read}
    keys = {key_of(each.values) for each in read if each.comes_in}
    firsts = [known.first_rows[key] for key in keys & known.first_rows.keys()]
    if firsts:
        known.said |= dict(run.rows.filter(number__in=firsts).values_list("number", "values"))
