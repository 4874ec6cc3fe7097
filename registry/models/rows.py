"""All the rows of one system in one query, whatever the number of their tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast, JSONObject

from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models.parts import PART_MODELS
from registry.models.system import AISystem


@dataclass(frozen=True)
class RowValues:
    """One row: its uuid and the stored value of each field of its part; a row it points to, by uuid and by name."""

    uuid: str
    values: Mapping[str, Any]
    names: Mapping[str, str]


Rows = Mapping[str, list[RowValues]]
# Where the rows of many systems wait once they were read together, as Django keeps what it prefetched.
_READ = "_rows_of_parts"


def rows_of(system: AISystem) -> Rows:
    """Part → its rows, in their order."""
    known: Rows | None = system.__dict__.get(_READ)
    return known if known is not None else _read([system])[system.pk]


def prefetch_rows(systems: Iterable[AISystem]) -> None:
    """Read the rows of many systems at once: `rows_of` then asks nothing. What is written later is not seen."""
    wanted = list(systems)
    found = _read(wanted)
    for system in wanted:
        system.__dict__[_READ] = found[system.pk]


def _read(systems: Iterable[AISystem]) -> dict[int, Rows]:
    wanted = {f"rows_{part.code}": ArraySubquery(_json_rows(part)) for part in CATALOGUE.parts}
    keys = [system.pk for system in systems]
    found = AISystem.objects.filter(pk__in=keys).order_by().annotate(**wanted).values("pk", *wanted)
    return {
        each["pk"]: {part.code: [_row(part, row) for row in each[f"rows_{part.code}"]] for part in CATALOGUE.parts}
        for each in found
    }


def _json_rows(part: Part) -> Any:
    rows = PART_MODELS[part.code]._default_manager.filter(system=OuterRef("pk"))
    columns: dict[str, Any] = {"uuid": F("uuid")}
    for field in part.columns:
        if field.kind == "row":
            columns |= {field.code: F(f"{field.code}__uuid"), f"{field.code}_name": F(f"{field.code}__name_fr")}
        else:
            # As text: JSON would make a floating number of it.
            columns[field.code] = Cast(field.code, TextField()) if field.kind == "decimal" else F(field.code)
    return rows.values(json=JSONObject(**columns))


def _row(part: Part, row: Mapping[str, Any]) -> RowValues:
    values = {field.code: _value(field, row[field.code]) for field in part.columns}
    names = {field.code: row[f"{field.code}_name"] for field in part.fields if field.kind == "row"}
    return RowValues(row["uuid"], values, names)


def _value(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind == "date":
        return date.fromisoformat(value)
    return Decimal(value) if field.kind == "decimal" else value
