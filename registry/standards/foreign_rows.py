"""Rows of a register from elsewhere, whichever it is: columns found, damage, absences, identifiers used twice."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from registry.standards.days import read_partial_date
from registry.standards.foreign import (
    UNKNOWN,
    Accepted,
    ForeignSystem,
    ParsedRow,
    Place,
    Recoding,
    Register,
    Rejected,
    is_derived,
)
from registry.standards.listed import read_codes
from registry.standards.markup import as_plain_text
from registry.standards.recoding import Vocabulary, own_words, read_code, read_line, read_paragraph, shown
from registry.standards.tabular import CELL_DAMAGE, ROW_DAMAGE, Row, Table, UnreadableFile
from registry.standards.words import fold, is_blank, one_line

LONGEST_ID: Final = 100
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NO_ID = frozenset({"tbd", "tba", "a venir", "a determiner", "unknown", "inconnu", "onbekend"})
_NOTES = {"excel_error": "excel_error", "control_character": "control", "character_lost": "control"} | {
    "character_recoded": "encoding"
}
# The reader of tables names a second «status» «status (2)».
_COPY = re.compile(r" \(\d+\)$")
# Long questions serve as titles, and are cut by some programs.
_COMPARED = 120

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]{3,1000}")

Columns = Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """The columns of one register, and which places of a record each fills.

    `titles`: other titles for a column. `needed`: of each group one column at least must be there. `recognized`: with
    fewer columns than this and without those, the file is something else. `expected`: whose absence is reported, all
    unless the register has several layouts. `codes`: concept → the columns that say it.
    """

    register: Register
    columns: tuple[str, ...]
    identifier: str
    needed: tuple[tuple[str, ...], ...]
    recognized: int
    places: Mapping[str, tuple[Place, ...]]
    codes: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()

    @property
    def known_headers(self) -> frozenset[str]:
        """For `read_table`: a title line above the header or a cover sheet then does no harm."""
        return frozenset(map(fold, (*self.columns, *self.titles)))

    def match(self, headers: tuple[str, ...]) -> Columns:
        """Our column → header of the file. Any column may be absent but those without which no row could come in."""
        wanted = {_title(title): column for title, column in self.titles.items()}
        wanted |= {_title(column): column for column in self.columns}
        found: dict[str, str] = {}
        repeated: list[str] = []
        for header in headers:
            column = wanted.get(_title(header)) or wanted.get(_title(_COPY.sub("", header)))
            if column is None:
                continue
            if column in found:
                repeated.append(column)
            found.setdefault(column, header)
        self._check(found, repeated, headers)
        return found

    def _check(self, found: Columns, repeated: list[str], headers: tuple[str, ...]) -> None:
        missing = [" / ".join(group) for group in self.needed if not any(column in found for column in group)]
        if missing and len(found) < self.recognized:
            shown = ", ".join(header[:40] for header in headers[:5])
            raise UnreadableFile("not_this_register", register=self.register.code, found=shown)
        if missing:
            raise UnreadableFile("missing_columns", columns=", ".join(missing), count=len(missing))
        if repeated:
            raise UnreadableFile("repeated_columns", columns=", ".join(sorted(set(repeated))))

    def absent(self, columns: Columns) -> tuple[Recoding, ...]:
        expected = self.expected or self.columns
        return tuple(Recoding(column, "absent", "", "") for column in expected if column not in columns)

    def unsaid(self, texts: Mapping[str, str]) -> frozenset[Place]:
        """The places that a row could not fill, so that it erases nothing an earlier edition said.

        A code said by two columns is unsaid when one is absent and the other is blank.
        """
        said = {place for column, places in self.places.items() if column in texts for place in places}
        unsaid = {place for places in self.places.values() for place in places if place not in said}
        for concept, columns in self.codes.items():
            present = [texts[column] for column in columns if column in texts]
            if len(present) < len(columns) and all(map(is_blank, present)):
                unsaid.add(("codes", concept))
        return frozenset(unsaid)


class Cells:
    """The cells of one row under our columns, and what reading them changed."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.number = row.number
        self.texts = {column: row.cells[header] for column, header in columns.items()}
        self.changes: list[Recoding] = _notes(row, columns)

    def note(self, change: Recoding | None) -> None:
        if change:
            self.changes.append(change)

    def line(self, column: str) -> str:
        """A name; nothing for «N/A» and its like."""
        text, change = read_line(column, self.texts.get(column, ""))
        self.note(change)
        return text

    def paragraph(self, column: str) -> str:
        text, change = read_paragraph(column, self.texts.get(column, ""))
        self.note(change)
        return text

    def code(self, name: str, columns: tuple[str, ...], vocabulary: Vocabulary) -> str:
        """The code that these columns say together; `name` is what a report of recodings calls them."""
        present = tuple(self.texts[column] for column in columns if column in self.texts)
        code, change = _read_code(name, present, vocabulary) if present else (UNKNOWN, None)
        self.note(change)
        return code

    def own_words(self, columns: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
        """Of each of these columns, what their code does not say."""
        return _own_words(tuple(self.texts.get(column, "") for column in columns), vocabulary)

    def codes(self, column: str, vocabulary: Vocabulary) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(codes of several answers, words that they do not say)."""
        codes, words, change = read_codes(column, self.texts.get(column, ""), vocabulary)
        self.note(change)
        return codes, words

    def dates(self, columns: Mapping[str, str], details: dict[str, str], *, month_first: bool) -> dict[str, str]:
        """Concept → year, month or day; the words of what is no date are kept among the details of the record."""
        found: dict[str, str] = {}
        for concept, column in columns.items():
            text = self.line(column)
            if not text:
                continue
            day = read_partial_date(text, month_first=month_first)
            if day is None:
                self.note(Recoding(column, "unrecognized", shown(text), UNKNOWN))
                details[column] = text
                continue
            if day != text:
                self.note(Recoding(column, "spelling", shown(text), day))
            found[concept] = day
        return found

    def formatted(self, column: str) -> str:
        """A paragraph that may have been written as HTML."""
        text = self.texts.get(column, "")
        plain = as_plain_text(text)
        if plain != text:
            self.note(Recoding(column, "markup", "", ""))
            self.texts[column] = plain
        return self.paragraph(column)

    def address(self, column: str) -> str:
        """An address of the Web; any other text is none."""
        text = self.line(column)
        if not text or _ADDRESS.fullmatch(text):
            return text
        self.note(Recoding(column, "unrecognized", shown(text), ""))
        return ""

    def identifier(self, column: str) -> str:
        """The identifier that the source gave; nothing when it is blank or only announced («TBD»)."""
        text = self.texts.get(column, "")
        clean = clean_id(text)
        if is_blank(clean) or fold(clean) in _NO_ID:
            return ""
        if clean != text:
            self.note(Recoding(column, "spaces", text[:LONGEST_ID], clean[:LONGEST_ID]))
        return clean

    def reject(self, column: str, reason: str, value: str = "", source_id: str = "") -> Rejected:
        return Rejected(self.number, column, reason, value[:LONGEST_ID], source_id)


# The same few answers stand in thousands of rows.
_read_code = lru_cache(maxsize=2_048)(read_code)
_own_words = lru_cache(maxsize=2_048)(own_words)


def clean_id(text: str) -> str:
    """An identifier without the blanks and long dashes that word processors put in it."""
    return _DASHES.sub("-", one_line(text))


def parse_rows(
    table: Table, layout: Layout, columns: Columns, read: Callable[[Cells], ForeignSystem | Rejected]
) -> Iterator[ParsedRow]:
    """Every row, in order: damaged, read by `read`, or a repeat of an earlier one."""
    absent = layout.absent(columns)
    seen: dict[str, Accepted] = {}
    for row in table.rows:
        parsed = damage(row, layout, columns) or _read_row(Cells(row, columns), layout, read, absent)
        if isinstance(parsed, Accepted):
            first = seen.setdefault(parsed.record.source_id.casefold(), parsed)
            if first is not parsed:
                parsed = _settle_repeat(first, parsed, layout)
        yield parsed


def _read_row(
    cells: Cells,
    layout: Layout,
    read: Callable[[Cells], ForeignSystem | Rejected],
    absent: tuple[Recoding, ...],
) -> ParsedRow:
    record = read(cells)
    if isinstance(record, Rejected):
        return record
    if len(record.source_id) > LONGEST_ID:
        return cells.reject(layout.identifier, "invalid_id", record.source_id)
    return Accepted(cells.number, record, (*cells.changes, *absent), unsaid=layout.unsaid(cells.texts))


def damage(row: Row, layout: Layout, columns: Columns) -> Rejected | None:
    """A row is taken whole or not at all; a bad cell in a column that is not ours does not matter."""
    ours = {header: column for column, header in columns.items()}
    for problem in row.problems:
        if problem.code in ROW_DAMAGE or (problem.code in CELL_DAMAGE and problem.column in ours):
            is_identified = problem.code in CELL_DAMAGE and layout.identifier in columns
            source_id = clean_id(row.cells[columns[layout.identifier]])[:LONGEST_ID] if is_identified else ""
            return Rejected(row.number, ours.get(problem.column, ""), problem.code, problem.value, source_id)
    return None


def _notes(row: Row, columns: Columns) -> list[Recoding]:
    if not row.problems:
        return []
    ours = {header: column for column, header in columns.items()}
    return [
        Recoding(ours[problem.column], _NOTES[problem.code], problem.value, "")
        for problem in row.problems
        if problem.column in ours and problem.code in _NOTES
    ]


def _settle_repeat(first: Accepted, second: Accepted, layout: Layout) -> ParsedRow:
    """An identifier used twice: word for word the same is a repeat; otherwise nobody can say which row is right, so
    the first stays (the same choice at every run) and the second waits for a person."""
    if first.record == second.record:
        return Accepted(second.row, second.record, (), repeats=first.row, unsaid=second.unsaid)
    source_id, params = second.record.source_id, {"first_row": first.row}
    if is_derived(source_id):
        name = " / ".join(second.record.names.values())[:LONGEST_ID]
        return Rejected(second.row, layout.identifier, "same_name", name, source_id, params)
    return Rejected(second.row, layout.identifier, "duplicate_id", source_id, source_id, params)


def _title(text: str) -> str:
    return fold(text)[:_COMPARED]
