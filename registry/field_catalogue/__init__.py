"""How each field of a system is asked, explained, shown and named elsewhere: one data file, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]

FIELDS_FILE = Path(__file__).with_name("fields.yaml")
SCHEMA_FILE = Path(__file__).with_name("schema.json")


@dataclass(frozen=True)
class Choice:
    """One answer a person may choose; `standards` gives its code elsewhere, absent where none says the same.

    `public_label` is said by the body to citizens; it differs from `label` only where the form speaks as «je».
    """

    code: str
    label: Text
    public_label: Text
    explanation: Text
    standards: Mapping[str, str]
    approximate: frozenset[str]
    exclusive: bool


@dataclass(frozen=True)
class Field:
    """One field of a system, in the words of the form; `twin` is its English column, `twin_of` the French one."""

    code: str
    section: str
    kind: str
    label: Text
    question: Text
    help: Text
    example: Text
    visibility: str
    visibility_reason: Text
    mandatory_for: frozenset[str]
    max_length: int | None
    twin: str | None
    twin_of: str | None
    standards: Mapping[str, str]
    approximate: frozenset[str]
    choices: tuple[Choice, ...]

    def choice(self, code: str) -> Choice:
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(f"{self.code} has no choice {code!r}")


@dataclass(frozen=True)
class Section:
    """One of the citizen's questions."""

    code: str
    question: Text


@dataclass(frozen=True)
class SheetAnswer:
    """One of the six answers without which the public site shows a line and no sheet."""

    code: str
    label: Text
    fields: tuple[str, ...]
    organization_fields: tuple[str, ...]
    not_enough: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Standard:
    """Another register, and how sure we are of its field names."""

    code: str
    name: Text
    certainty: str


@dataclass(frozen=True)
class Catalogue:
    """The whole data file; `fields` in the order of the declaration, English twins apart."""

    version: str
    standards: tuple[Standard, ...]
    sections: tuple[Section, ...]
    sheet_answers: tuple[SheetAnswer, ...]
    fields: tuple[Field, ...]
    twins: tuple[Field, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Field]:
        return MappingProxyType({field.code: field for field in (*self.fields, *self.twins)})

    def field(self, code: str) -> Field:
        """The field or English twin of this code; KeyError if there is none."""
        return self._by_code[code]

    def label(self, code: str, language: str) -> str:
        return self.field(code).label[language]

    def choices(self, code: str, language: str) -> tuple[tuple[str, str], ...]:
        """(code, label) pairs, in the order they are shown."""
        return tuple((choice.code, choice.label[language]) for choice in self.field(code).choices)

    def mandatory(self, moment: str) -> tuple[Field, ...]:
        """The fields that a `declaration` or a `sheet` cannot do without."""
        return tuple(field for field in self.fields if moment in field.mandatory_for)

    def in_section(self, code: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.section == code)


def _codes(row: Mapping[str, Any], key: str = "standards") -> Mapping[str, str]:
    return MappingProxyType({name: code for name, code in row.get(key, {}).items() if code is not None})


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _choice(row: Mapping[str, Any]) -> Choice:
    return Choice(
        code=row["code"],
        label=_text(row["label"]),
        public_label=_text(row.get("public_label", row["label"])),
        explanation=_text(row["explanation"]),
        standards=_codes(row),
        approximate=frozenset(row.get("approximate", ())),
        exclusive=row.get("exclusive", False),
    )


def _field(row: Mapping[str, Any], *, twin_of: str | None = None) -> Field:
    return Field(
        code=row["code"],
        section=row["section"],
        kind=row["kind"],
        label=_text(row["label"]),
        question=_text(row["question"]),
        help=_text(row["help"]),
        example=_text(row["example"]),
        visibility=row["visibility"]["default"],
        visibility_reason=_text(row["visibility"]["reason"]),
        mandatory_for=frozenset(row["mandatory_for"]),
        max_length=row.get("max_length"),
        twin=row.get("twin"),
        twin_of=twin_of,
        standards=_codes(row),
        approximate=frozenset(row.get("approximate", ())),
        choices=tuple(_choice(choice) for choice in row.get("choices", ())),
    )


def _twin(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> Field:
    """An English column asks what its French one asks; it is never mandatory."""
    french = rows[row["of"]]
    return _field(
        {**french, "approximate": (), "mandatory_for": (), "twin": None, **row},
        twin_of=french["code"],
    )


def _sheet_answer(row: Mapping[str, Any]) -> SheetAnswer:
    return SheetAnswer(
        code=row["code"],
        label=_text(row["label"]),
        fields=tuple(row["fields"]),
        organization_fields=tuple(row.get("organization_fields", ())),
        not_enough=MappingProxyType({name: frozenset(codes) for name, codes in row.get("not_enough", {}).items()}),
    )


def read_catalogue(data: Mapping[str, Any]) -> Catalogue:
    """The parsed data file as objects that nobody can change."""
    rows = {row["code"]: row for row in data["fields"]}
    return Catalogue(
        version=data["version"],
        standards=tuple(Standard(row["code"], _text(row["name"]), row["certainty"]) for row in data["standards"]),
        sections=tuple(Section(row["code"], _text(row["question"])) for row in data["sections"]),
        sheet_answers=tuple(_sheet_answer(row) for row in data["sheet_answers"]),
        fields=tuple(_field(row) for row in data["fields"]),
        twins=tuple(_twin(row, rows) for row in data["twins"]),
    )


CATALOGUE = read_catalogue(yaml.safe_load(FIELDS_FILE.read_text(encoding="utf-8")))
