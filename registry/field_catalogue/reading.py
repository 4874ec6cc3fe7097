"""The parsed data files, turned into the objects of `shapes`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from registry.field_catalogue.shapes import (
    Catalogue,
    Choice,
    Field,
    Part,
    Requirement,
    Section,
    SheetAnswer,
    Standard,
    Text,
)

Row = Mapping[str, Any]
# Named in the file where the answers are those of the strategy: `choices_of: strategy_objectives`.
Lists = Mapping[str, list[Row]]


def _codes(row: Row, key: str = "standards") -> Mapping[str, str]:
    return MappingProxyType({name: code for name, code in row.get(key, {}).items() if code is not None})


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _choice(row: Row) -> Choice:
    return Choice(
        code=row["code"],
        label=_text(row["label"]),
        public_label=_text(row.get("public_label", row["label"])),
        explanation=_text(row["explanation"]),
        public_explanation=_text(row.get("public_explanation", row["explanation"])),
        standards=_codes(row),
        approximate=frozenset(row.get("approximate", ())),
        exclusive=row.get("exclusive", False),
    )


def _requirement(row: Row) -> Requirement | None:
    required = row.get("required_from")
    return Requirement(required["phase"], required["attention"]) if required else None


def _field(row: Row, lists: Lists, *, twin_of: str | None = None) -> Field:
    choices = row.get("choices", ())
    return Field(
        code=row["code"],
        section=row.get("section", ""),
        kind=row["kind"],
        label=_text(row["label"]),
        question=_text(row["question"]),
        help=_text(row["help"]),
        example=_text(row["example"]),
        visibility=row["visibility"]["default"],
        visibility_reason=_text(row["visibility"]["reason"]),
        may_be_public=row["visibility"].get("may_be_public", True),
        mandatory_for=frozenset(row.get("mandatory_for", ())),
        required_from=_requirement(row),
        asked_first=row.get("asked_first", False),
        asked_when=row.get("asked_when", ""),
        max_length=row.get("max_length"),
        twin=row.get("twin"),
        twin_of=twin_of,
        standards=_codes(row),
        approximate=frozenset(row.get("approximate", ())),
        choices=tuple(_choice(choice) for choice in lists.get(row.get("choices_of", ""), choices)),
    )


def _twins(of: Row, lists: Lists) -> tuple[Field, ...]:
    """Of a system or of one of its rows: an English column asks what its French one asks; it is never mandatory."""
    rows = {row["code"]: row for row in of["fields"]}
    nothing = {"approximate": (), "mandatory_for": (), "required_from": None, "twin": None}
    return tuple(_field({**rows[row["of"]], **nothing, **row}, lists, twin_of=row["of"]) for row in of.get("twins", ()))


def _sheet_answer(row: Row) -> SheetAnswer:
    return SheetAnswer(
        code=row["code"],
        label=_text(row["label"]),
        fields=tuple(row["fields"]),
        organization_fields=tuple(row.get("organization_fields", ())),
        not_enough=MappingProxyType({name: frozenset(codes) for name, codes in row.get("not_enough", {}).items()}),
    )


def _part(row: Row, lists: Lists) -> Part:
    return Part(
        code=row["code"],
        section=row["section"],
        label=_text(row["label"]),
        one=_text(row["one"]),
        add=_text(row["add"]),
        help=_text(row["help"]),
        empty=_text(row["empty"]),
        required_from=_requirement(row),
        asked_when=row.get("asked_when", ""),
        fields=tuple(_field(field, lists) for field in row["fields"]),
        twins=_twins(row, lists),
    )


def read_catalogue(data: Row, lists: Lists) -> Catalogue:
    """The parsed data file as objects that nobody can change."""
    return Catalogue(
        version=data["version"],
        standards=tuple(Standard(row["code"], _text(row["name"]), row["certainty"]) for row in data["standards"]),
        sections=tuple(Section(row["code"], _text(row["question"])) for row in data["sections"]),
        sheet_answers=tuple(_sheet_answer(row) for row in data["sheet_answers"]),
        fields=tuple(_field(row, lists) for row in data["fields"]),
        twins=_twins(data, lists),
        parts=tuple(_part(row, lists) for row in data["parts"]),
        shared=tuple(_part(row, lists) for row in data["shared"]),
    )
