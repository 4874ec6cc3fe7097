"""Every column of the files of open data: its name, what it means, its codes. Files and dictionary are made of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from registry.field_catalogue import CATALOGUE, Field, Part, Text
from registry.public.open_data.code_lists import CODE_LISTS, Codes
from registry.public.sheet.answers import key_of

COLUMNS_FILE = Path(__file__).with_name("columns.yaml")
LANGUAGES = ("fr", "en")
# What joins the tables, in each of them.
COMMON = ("reference", "version", "is_demonstration")
SYSTEMS, SOLUTION, CLAIMS = "systems", "solution_facts", "supplier_claims"
FIELDS: tuple[Field, ...] = tuple(field for field in CATALOGUE.fields if field.may_be_public)


@dataclass(frozen=True)
class Column:
    """One column. `field`: the field of the catalogue that it tells, if it is one; `instruction`: what whoever fills
    this field in is told.
    """

    name: str
    kind: str
    label: Text
    help: Text
    told_codes: Codes | str = ()
    field: Field | None = None
    instruction: Text | None = None

    @property
    def codes(self) -> Codes:
        """Some lists have their words in the messages of the program: read when they are asked for."""
        return _codes_of(self.told_codes) if isinstance(self.told_codes, str) else self.told_codes


@dataclass(frozen=True)
class Table:
    """One table, whatever the files it is in."""

    code: str
    label: Text
    files: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


@cache
def words() -> Mapping[str, Any]:
    """The file: what each column that is no field means."""
    found: Mapping[str, Any] = yaml.safe_load(COLUMNS_FILE.read_text(encoding="utf-8"))
    return found


def type_in(kind: str, language: str) -> str:
    """What a cell holds, in words."""
    said: str = words()["types"][kind][language]
    return said


@cache
def tables() -> Mapping[str, Table]:
    """Code → table, in the order of the dictionary."""
    found = [_named(SYSTEMS, _of_systems())]
    found += [_of_part(part, [_common("id")]) for part in CATALOGUE.parts]
    found.append(_of_part(CATALOGUE.shared_part(SOLUTION), [_common("solution")]))
    found.append(_of_part(CATALOGUE.shared_part(CLAIMS), [_common("solution"), _common("id")]))
    for code in ("one_system", "coverage", "strategy"):
        found.append(_named(code, [*_told(code), _common("is_demonstration")]))
    found.append(_named("portrait", _told("portrait")))
    found.append(_named("dictionary", [*_told("dictionary"), *_standards()]))
    return {table.code: table for table in found}


def _codes_of(name: str) -> Codes:
    if name == "tables":
        return tuple((table.code, table.label) for table in tables().values())
    return tuple(words()["types"].items()) if name == "types" else CODE_LISTS[name]()


def columns_of(table: str) -> list[str]:
    """The header of a table."""
    return tables()[table].names


def rows_fields(part: Part) -> list[Field]:
    """What a row tells the public: fields that are never public are in no document. A name in two languages is one
    field of the documents.
    """
    told = (field for field in part.fields if field.visibility == "public" or part.code == SOLUTION)
    return [field for field in told if not field.code.endswith("_en")]


def ends_of(field: Field) -> tuple[str, ...]:
    """A text has one column a language, a coded answer one of codes and one of words."""
    if field.code.endswith("_fr"):
        return tuple(f"_{language}" for language in LANGUAGES)
    return ("", "_label") if field.choices else ("",)


def _named(code: str, columns: Iterable[Column]) -> Table:
    row = words()["tables"][code]
    return Table(code, row["label"], tuple(row["files"]), tuple(columns))


def _of_systems() -> Iterator[Column]:
    told = {column.name: column for column in _told(SYSTEMS)}
    first = ("kind", "published_on", "body_slug", "body_name", "title")
    yield from (_common("reference"), _common("version"))
    yield from (told.pop(name) for name in first)
    yield _common("is_demonstration")
    for field in FIELDS:
        yield from _of_field(field)
    for part in CATALOGUE.parts:
        yield Column(f"{part.code}_count", "integer", *_end("count", part.label, part.code))
    yield told.pop("departs_from_principle_4")
    yield _common("solution")
    yield from told.values()


def _of_part(part: Part, joined: list[Column]) -> Table:
    about = [_common(name) for name in COMMON]
    columns = [column for field in rows_fields(part) for column in _of_field(field)]
    return Table(part.code, part.label, (f"{part.code}.csv",), (*about, *joined, *columns))


def _of_field(field: Field) -> Iterator[Column]:
    key, codes = key_of(field), tuple((choice.code, choice.public_label) for choice in field.choices)
    for end in ends_of(field):
        if end == "_label":
            label, meaning = _end("label", field.label, key)
            yield Column(f"{key}_label", "words", label, meaning, (), field)
        elif end:
            label, _meaning = _end(end[1:], field.label, key)
            yield Column(f"{key}{end}", field.kind, label, question_of(field), (), field, field.help)
        else:
            yield Column(key, field.kind, field.label, question_of(field), codes, field, field.help)


def question_of(field: Field) -> Text:
    """What a field is: the question that the body answers."""
    return {language: words()["asked"][language].format(field.question[language]) for language in LANGUAGES}


def _end(code: str, label: Text, name: str) -> tuple[Text, Text]:
    """Label and meaning of a column that comes of another one, or of a table."""
    row = words()["ends"][code]
    said = {language: row["label"][language].format(label[language]) for language in LANGUAGES}
    meaning = row.get("help")
    return said, {language: meaning[language].format(name) for language in LANGUAGES} if meaning else {}


def _standards() -> Iterator[Column]:
    for standard in CATALOGUE.standards:
        yield Column(f"standard_{standard.code}", "text", *_end("standard", standard.name, standard.code))


def _common(name: str) -> Column:
    return _column(name, words()["common"][name])


def _told(table: str) -> list[Column]:
    return [_column(name, row) for name, row in words()[table].items()]


def _column(name: str, row: Mapping[str, Any]) -> Column:
    told: Codes | str = row.get("codes_of", tuple(row.get("codes", {}).items()))
    return Column(name, row["type"], row["label"], row["help"], told)
