"""All the rows of one system in one query, whatever the number of their tables."""

from collections.abc import Mapping
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


def rows_of(system: AISystem) -> dict[str, list[RowValues]]:
    """Part → its rows, in their order."""
    wanted = {f"rows_{part.code}": ArraySubquery(_json_rows(part)) for part in CATALOGUE.parts}
    found = AISystem.objects.filter(pk=system.pk).order_by().annotate(**wanted).values(*wanted).get()
    return {part.code: [_row(part, row) for row in found[f"rows_{part.code}"]] for part in CATALOGUE.parts}


def _json_rows(part: Part) -> Any:
    rows = PART_MODELS[part.code]._default_manager.filter(system=OuterRef("pk"))
    columns: dict[str, Any] = {"uuid": F("uuid")}
    for field in part.fields:
        if field.kind == "row":
            columns |= {field.code: F(f"{field.code}__uuid"), f"{field.code}_name": F(f"{field.code}__name_fr")}
        else:
            # As text: JSON would make a floating number of it.
            columns[field.code] = Cast(field.code, TextField()) if field.kind == "decimal" else F(field.code)
    return rows.values(json=JSONObject(**columns))


def _row(part: Part, row: Mapping[str, Any]) -> RowValues:
    values = {field.code: _value(field, row[field.code]) for field in part.fields}
    names = {field.code: row[f"{field.code}_name"] for field in part.fields if field.kind == "row"}
    return RowValues(row["uuid"], values, names)


def _value(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind == "date":
        return date.fromisoformat(value)
    return Decimal(value) if field.kind == "decimal" else value
