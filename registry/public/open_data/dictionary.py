"""The data dictionary: every field that a publication document may hold, as the field catalogue says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.public.sheet.answers import key_of

HEADS = (
    "part",
    "field",
    "type",
    "label_fr",
    "label_en",
    "help_fr",
    "help_en",
    "visibility",
    "max_length",
    "codes",
    *(f"standard_{standard.code}" for standard in CATALOGUE.standards),
)


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
    def help(self) -> str:
        return self.field.help[reader_language()]

    @property
    def is_text(self) -> bool:
        return self.field.code.endswith("_fr")

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
    found += [Group(part.code, part.label[language], tuple(_of_part(part))) for part in CATALOGUE.parts]
    return found + [Group(part.code, part.label[language], tuple(_of_shared(part))) for part in CATALOGUE.shared]


def _of_system(section: str) -> Iterator[Entry]:
    for field in CATALOGUE.in_section(section):
        if field.may_be_public:
            yield Entry("", key_of(field), section, field)


def _of_part(part: Part) -> Iterator[Entry]:
    for field in part.fields:
        if field.may_be_public and field.visibility != "internal":
            yield Entry(part.code, key_of(field), part.section, field)


def _of_shared(part: Part) -> Iterator[Entry]:
    """Fields of a solution: some are told only where the body made its supplier public, which their line says. A text
    in two languages is one field of the documents.
    """
    for field in part.fields:
        if field.code != "name_en":
            yield Entry(part.code, key_of(field), part.section, field)


def lines() -> list[list[Any]]:
    """The same as a table, in both languages."""
    return [_line(entry) for group in dictionary() for entry in group.entries]


def _line(entry: Entry) -> list[Any]:
    field = entry.field
    return [
        entry.part,
        entry.key,
        "text by language" if entry.is_text else field.kind,
        field.label["fr"],
        field.label["en"],
        field.help["fr"],
        field.help["en"],
        field.visibility,
        field.max_length or "",
        "; ".join(choice.code for choice in field.choices),
        *(field.standards.get(standard.code, "") for standard in CATALOGUE.standards),
    ]


def as_json() -> dict[str, Any]:
    """The same for programs, with the words of every code."""
    return {
        "catalogue": CATALOGUE.version,
        "standards": [
            {"code": each.code, "name": dict(each.name), "certainty": each.certainty} for each in CATALOGUE.standards
        ],
        "fields": [_described(entry) for group in dictionary() for entry in group.entries],
    }


def _described(entry: Entry) -> dict[str, Any]:
    field = entry.field
    return {
        "part": entry.part or None,
        "field": entry.key,
        "section": entry.section,
        "type": "text by language" if entry.is_text else field.kind,
        "label": dict(field.label),
        "help": dict(field.help),
        "visibility": field.visibility,
        "max_length": field.max_length,
        "standards": dict(field.standards),
        "codes": [
            {"code": choice.code, "label": dict(choice.public_label), "standards": dict(choice.standards)}
            for choice in field.choices
        ],
    }
