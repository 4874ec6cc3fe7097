"""The data dictionary: every column of every file, and every field that a publication document may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.public.open_data.columns import (
    FIELDS,
    Column,
    Table,
    columns_of,
    question_of,
    rows_fields,
    tables,
    type_in,
)
from registry.public.sheet.answers import key_of


@dataclass(frozen=True)
class Entry:
    """One field; `part` is empty for those of the system itself."""

    part: str
    key: str
    section: str
    field: Field

    @property
    def label(self) -> str:
        return self.field.label[reader_language()]

    @property
    def question(self) -> str:
        return question_of(self.field)[reader_language()]

    @property
    def instruction(self) -> str:
        return self.field.help[reader_language()]

    @property
    def is_text(self) -> bool:
        return self.field.code.endswith("_fr")

    @property
    def type(self) -> str:
        """What the field holds, in words."""
        return type_in(self.field.kind, reader_language())

    @property
    def codes(self) -> list[tuple[str, str]]:
        language = reader_language()
        return [(choice.code, choice.public_label[language]) for choice in self.field.choices]

    @property
    def anchor(self) -> str:
        return f"{self.part}-{self.key}" if self.part else self.key


@dataclass(frozen=True)
class Group:
    """The fields of one question, or of one kind of rows."""

    code: str
    title: str
    entries: tuple[Entry, ...]


def dictionary() -> list[Group]:
    """Questions in their order, then the kinds of rows, then what bodies share. What is never public is not in it."""
    language = reader_language()
    found = [
        Group(section.code, section.question[language], tuple(_of_system(section.code)))
        for section in CATALOGUE.sections
    ]
    parts = (*CATALOGUE.parts, *CATALOGUE.shared)
    return found + [Group(part.code, part.label[language], tuple(_of_part(part))) for part in parts]


@dataclass(frozen=True)
class ToldColumn:
    """A column that is no field, in the reader's language."""

    name: str
    label: str
    help: str
    type: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ToldTable:
    code: str
    label: str
    files: tuple[str, ...]
    columns: tuple[ToldColumn, ...]


def told_tables() -> list[ToldTable]:
    """Each table with its columns that are no fields: those are told by question, before."""
    language = reader_language()
    return [
        ToldTable(
            table.code,
            table.label[language],
            table.files,
            tuple(_told(column, language) for column in table.columns if column.field is None),
        )
        for table in tables().values()
    ]


def _told(column: Column, language: str) -> ToldColumn:
    codes = tuple((code, label[language]) for code, label in column.codes)
    return ToldColumn(column.name, column.label[language], column.help[language], type_in(column.kind, language), codes)


def _of_system(section: str) -> Iterator[Entry]:
    yield from (Entry("", key_of(field), section, field) for field in FIELDS if field.section == section)


def _of_part(part: Part) -> Iterator[Entry]:
    """Fields of a solution: some are told only where the body made its supplier public, which their line says."""
    yield from (Entry(part.code, key_of(field), part.section, field) for field in rows_fields(part))


def heads() -> list[str]:
    return columns_of("dictionary")


def lines() -> list[list[Any]]:
    """Every column of every file, in both languages."""
    return [_line(table, column) for table in tables().values() for column in table.columns]


def _line(table: Table, column: Column) -> list[Any]:
    field = column.field
    elsewhere = field.standards if field else {}
    return [
        table.code,
        "; ".join(table.files),
        column.name,
        key_of(field) if field else "",
        column.kind,
        column.label["fr"],
        column.label["en"],
        column.help["fr"],
        column.help["en"],
        *((column.instruction or {}).get(language, "") for language in ("fr", "en")),
        field.visibility if field else "public",
        (field.max_length if field and not field.choices else None) or "",
        "; ".join(code for code, _label in column.codes),
        *("\n".join(f"{code} = {label[language]}" for code, label in column.codes) for language in ("fr", "en")),
        *(elsewhere.get(standard.code, "") for standard in CATALOGUE.standards),
    ]


def as_json() -> dict[str, Any]:
    """The same for programs: columns of the files, and fields of the documents with what each code is elsewhere."""
    return {
        "catalogue": CATALOGUE.version,
        "standards": [
            {"code": each.code, "name": dict(each.name), "certainty": each.certainty} for each in CATALOGUE.standards
        ],
        "tables": [_described_table(table) for table in tables().values()],
        "fields": [_described(entry) for group in dictionary() for entry in group.entries],
    }


def _described_table(table: Table) -> dict[str, Any]:
    return {
        "table": table.code,
        "label": dict(table.label),
        "files": list(table.files),
        "columns": [
            {
                "column": column.name,
                "field": key_of(column.field) if column.field else None,
                "type": column.kind,
                "label": dict(column.label),
                "help": dict(column.help),
                "instruction": dict(column.instruction) if column.instruction else None,
                "codes": [{"code": code, "label": dict(label)} for code, label in column.codes],
            }
            for column in table.columns
        ],
    }


def _described(entry: Entry) -> dict[str, Any]:
    field = entry.field
    return {
        "part": entry.part or None,
        "field": entry.key,
        "section": entry.section,
        "type": "text by language" if entry.is_text else field.kind,
        "label": dict(field.label),
        "question": dict(field.question),
        "instruction": dict(field.help),
        "visibility": field.visibility,
        "max_length": field.max_length,
        "standards": dict(field.standards),
        "codes": [
            {"code": choice.code, "label": dict(choice.public_label), "standards": dict(choice.standards)}
            for choice in field.choices
        ],
    }
