"""The Government of Canada AI Register: a table of its columns → records, row by row, nothing guessed."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from registry.standards.canada.bodies import Bodies
from registry.standards.canada.columns import (
    CODES,
    COLUMNS,
    ID,
    LAYOUT,
    NAME,
    ORGANIZATION,
    REGISTER,
    TEXTS,
    VENDOR,
    VOCABULARIES,
    YEAR,
)
from registry.standards.foreign import ForeignSystem, ParsedRow, Rejected
from registry.standards.foreign_rows import Cells, Columns, clean_id, damage, parse_rows
from registry.standards.recoding import read_year
from registry.standards.tabular import Table

__all__ = ["COLUMNS", "KNOWN_HEADERS", "LAYOUT", "REGISTER", "parse_register"]

KNOWN_HEADERS: Final = LAYOUT.known_headers


def parse_register(table: Table) -> Iterator[ParsedRow]:
    """Every row of the table, in order. Refuses at once (`UnreadableFile`) a table that is not this register."""
    columns = LAYOUT.match(table.headers)
    return parse_rows(table, LAYOUT, columns, partial(_read, bodies=_bodies(table, columns)))


def _bodies(table: Table, columns: Columns) -> Bodies:
    """What the sound rows call each body."""
    sound = (row.cells for row in table.rows if damage(row, LAYOUT, columns) is None)
    named = columns.get(ORGANIZATION, "")
    return Bodies((clean_id(cells[columns[ID]]), cells.get(named, "")) for cells in sound)


def _read(cells: Cells, *, bodies: Bodies) -> ForeignSystem | Rejected:
    source_id = cells.identifier(ID)
    if not source_id:
        return cells.reject(ID, "missing_id", clean_id(cells.texts[ID]))
    names = _in_both(cells, NAME, Cells.line)
    if not names:
        return cells.reject(NAME, "missing_name", source_id=source_id)
    organization, change = bodies.read(source_id, cells.texts.get(ORGANIZATION, ""))
    cells.note(change)
    year, change = read_year(YEAR, cells.texts[YEAR]) if YEAR in cells.texts else (None, None)
    cells.note(change)
    texts = {concept: _in_both(cells, stem, Cells.paragraph) for concept, stem in TEXTS.items()}
    texts |= {concept: _own_words(cells, concept) for concept in CODES}
    return ForeignSystem(
        register=REGISTER.code,
        source_id=source_id,
        names=names,
        organization=organization,
        texts={concept: said for concept, said in texts.items() if said},
        codes={concept: cells.code(name, columns, VOCABULARIES[concept]) for concept, (name, columns) in CODES.items()},
        status_year=year,
        vendor=cells.line(VENDOR).rstrip(" ,;"),
        licence=REGISTER.licence,
        languages=tuple(names),
    )


def _own_words(cells: Cells, concept: str) -> Mapping[str, str]:
    """What a code does not say, by the language of its column; of a column for both, in English."""
    _, columns = CODES[concept]
    said = zip(columns, cells.own_words(columns, VOCABULARIES[concept]), strict=True)
    return {"fr" if column.endswith("_fr") else "en": text for column, text in said if text}


def _in_both(cells: Cells, stem: str, read: Callable[[Cells, str], str]) -> Mapping[str, str]:
    said = {language: read(cells, f"{stem}_{language}") for language in REGISTER.languages}
    return {language: text for language, text in said.items() if text}
