"""The Government of Canada AI Register: a table of its columns → records, row by row, nothing guessed."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from registry.standards.canada.absent import unsaid
from registry.standards.canada.bodies import Bodies
from registry.standards.canada.columns import (
    CODES,
    COLUMNS,
    ID,
    NAME,
    ORGANIZATION,
    REGISTER,
    TEXTS,
    VENDOR,
    VOCABULARIES,
    YEAR,
)
from registry.standards.foreign import UNKNOWN, Accepted, ForeignSystem, ParsedRow, Recoding, Rejected
from registry.standards.recoding import read_code, read_line, read_paragraph, read_year
from registry.standards.tabular import CELL_DAMAGE, ROW_DAMAGE, Row, Table, UnreadableFile
from registry.standards.words import fold, is_blank, one_line

__all__ = ["COLUMNS", "KNOWN_HEADERS", "REGISTER", "parse_register"]

# For `read_table`: a title line above the header or a cover sheet then does no harm.
KNOWN_HEADERS: Final = frozenset(map(fold, COLUMNS))

# Without identifier or name and with fewer of its columns than this, the file is another register, not a damaged copy.
_RECOGNIZED = 8
_NAMES = tuple(f"{NAME}_{language}" for language in REGISTER.languages)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_LONGEST_ID = 100
_NOTES = {"excel_error": "excel_error", "control_character": "control", "character_lost": "control"} | {
    "character_recoded": "encoding"
}
_NO_ID = frozenset({"tbd", "tba", "a venir", "a determiner", "unknown", "inconnu"})


def parse_register(table: Table) -> Iterator[ParsedRow]:
    """Every row of the table, in order. Refuses at once (`UnreadableFile`) a table that is not this register."""
    return _parse(table, _match_columns(table.headers))


def _match_columns(headers: tuple[str, ...]) -> Mapping[str, str]:
    """Our column → header of the file. Without identifier or name no row could come in; any other may be absent."""
    wanted = {fold(column): column for column in COLUMNS}
    found: dict[str, str] = {}
    repeated: list[str] = []
    for header in headers:
        column = wanted.get(fold(header))
        if column is None:
            # The reader names a second «status» «status (2)».
            column = wanted.get(fold(re.sub(r" \(\d+\)$", "", header)))
            if column is None:
                continue
        if column in found:
            repeated.append(column)
        found.setdefault(column, header)
    missing = [] if ID in found else [ID]
    missing += [] if any(column in found for column in _NAMES) else [" / ".join(_NAMES)]
    if missing and len(found) < _RECOGNIZED:
        shown = ", ".join(header[:40] for header in headers[:5])
        raise UnreadableFile("not_this_register", register=REGISTER.code, found=shown)
    if missing:
        raise UnreadableFile("missing_columns", columns=", ".join(missing), count=len(missing))
    if repeated:
        raise UnreadableFile("repeated_columns", columns=", ".join(sorted(set(repeated))))
    return found


def _parse(table: Table, columns: Mapping[str, str]) -> Iterator[ParsedRow]:
    sound = [row for row in table.rows if _damage(row, columns) is None]
    bodies = Bodies((clean_id(row.cells[columns[ID]]), _cell(row, columns, ORGANIZATION)) for row in sound)
    seen: dict[str, Accepted] = {}
    for row in table.rows:
        parsed = _damage(row, columns) or _read_row(row, columns, bodies)
        if isinstance(parsed, Accepted):
            key = parsed.record.source_id.casefold()
            first = seen.setdefault(key, parsed)
            if first is not parsed:
                parsed = _settle_repeat(first, parsed)
        yield parsed


def _cell(row: Row, columns: Mapping[str, str], column: str) -> str:
    return row.cells[columns[column]] if column in columns else ""


def _damage(row: Row, columns: Mapping[str, str]) -> Rejected | None:
    """A row is taken whole or not at all; a bad cell in a column that is not ours does not matter."""
    ours = {header: column for column, header in columns.items()}
    for problem in row.problems:
        if problem.code in ROW_DAMAGE or (problem.code in CELL_DAMAGE and problem.column in ours):
            source_id = clean_id(row.cells[columns[ID]]) if problem.code in CELL_DAMAGE else ""
            return Rejected(row.number, ours.get(problem.column, ""), problem.code, problem.value, source_id)
    return None


def clean_id(text: str) -> str:
    """An identifier without the blanks and long dashes that word processors put in it."""
    return _DASHES.sub("-", one_line(text))


def _read_row(row: Row, columns: Mapping[str, str], bodies: Bodies) -> ParsedRow:
    cells = {column: row.cells[header] for column, header in columns.items()}
    source_id = clean_id(cells[ID])
    if is_blank(source_id) or fold(source_id) in _NO_ID:
        return Rejected(row.number, ID, "missing_id", source_id[:_LONGEST_ID])
    if len(source_id) > _LONGEST_ID:
        return Rejected(row.number, ID, "invalid_id", source_id[:_LONGEST_ID])
    changes: list[Recoding | None] = [Recoding(ID, "spaces", cells[ID], source_id) if source_id != cells[ID] else None]
    changes += _notes(row, columns)
    names = _read_names(cells, changes)
    if not names:
        return Rejected(row.number, NAME, "missing_name", "", source_id)
    organization, change = bodies.read(source_id, cells.get(ORGANIZATION, ""))
    changes.append(change)
    year, change = read_year(YEAR, cells[YEAR]) if YEAR in cells else (None, None)
    changes.append(change)
    vendor, change = read_line(VENDOR, cells.get(VENDOR, ""))
    changes.append(change)
    record = ForeignSystem(
        register=REGISTER.code,
        source_id=source_id,
        names=names,
        organization=organization,
        texts=_read_texts(cells, changes),
        codes=_read_codes(cells, changes),
        status_year=year,
        vendor=vendor.rstrip(" ,;"),
        licence=REGISTER.licence,
        languages=tuple(names),
    )
    said = tuple(change for change in changes if change)
    return Accepted(row.number, record, (*said, *_absences(cells)), unsaid=unsaid(cells))


def _absences(cells: Mapping[str, str]) -> Iterator[Recoding]:
    return (Recoding(column, "absent", "", "") for column in COLUMNS if column not in cells)


def _notes(row: Row, columns: Mapping[str, str]) -> list[Recoding | None]:
    ours = {header: column for column, header in columns.items()}
    notes = [(ours[problem.column], problem) for problem in row.problems if problem.column in ours]
    return [
        Recoding(column, _NOTES[problem.code], problem.value, "") for column, problem in notes if problem.code in _NOTES
    ]


def _read_names(cells: Mapping[str, str], changes: list[Recoding | None]) -> dict[str, str]:
    names: dict[str, str] = {}
    for language in REGISTER.languages:
        text, change = read_line(f"{NAME}_{language}", cells.get(f"{NAME}_{language}", ""))
        changes.append(change)
        if text:
            names[language] = text
    return names


def _read_texts(cells: Mapping[str, str], changes: list[Recoding | None]) -> dict[str, Mapping[str, str]]:
    texts: dict[str, Mapping[str, str]] = {}
    for concept, stem in TEXTS.items():
        said: dict[str, str] = {}
        for language in REGISTER.languages:
            text, change = read_paragraph(f"{stem}_{language}", cells.get(f"{stem}_{language}", ""))
            changes.append(change)
            if text:
                said[language] = text
        if said:
            texts[concept] = said
    return texts


def _read_codes(cells: Mapping[str, str], changes: list[Recoding | None]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for concept, (field, columns) in CODES.items():
        present = [cells[column] for column in columns if column in cells]
        codes[concept], change = read_code(field, present, VOCABULARIES[concept]) if present else (UNKNOWN, None)
        changes.append(change)
    return codes


def _settle_repeat(first: Accepted, second: Accepted) -> ParsedRow:
    """An identifier used twice: word for word the same is a repeat; otherwise nobody can say which row is right, so
    the first stays (the same choice at every run) and the second waits for a person."""
    if first.record == second.record:
        return Accepted(second.row, second.record, (), repeats=first.row, unsaid=second.unsaid)
    source_id = second.record.source_id
    return Rejected(second.row, ID, "duplicate_id", source_id, source_id, {"first_row": first.row})
