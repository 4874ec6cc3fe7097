"""Publication documents as an Excel workbook: a sheet of systems, one for each kind of rows, the dictionary of their
columns, and what the file is.

Rows are written as they come, in files of the disk: memory does not grow with the register.
"""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.text import reader_language, safe_cell
from registry.public.open_data import dictionary
from registry.public.open_data.columns import SYSTEMS
from registry.public.open_data.flat import lines_of, tables_of_documents

# Excel opens no longer cell and no sheet of more rows.
LONGEST_CELL, MOST_ROWS = 32_000, 1_048_575
LICENCE = "CC BY 4.0 – https://creativecommons.org/licenses/by/4.0/"


class DocumentsWorkbook:
    """The tables of documents, filled one document after the other."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)
        self.is_cut, self.is_demonstration = False, False
        self.rows: dict[str, int] = {}
        self.sheets: dict[str, Any] = {}
        for table in tables_of_documents():
            self.rows[table.code] = 0
            self.sheets[table.code] = self.book.create_sheet(sheet_title(table.label[reader_language()]))
            self.sheets[table.code].append(table.names)

    def write(self, documents: Iterable[Mapping[str, Any]]) -> None:
        for document in documents:
            if self.rows[SYSTEMS] == MOST_ROWS:
                self.is_cut = True
                break
            self.is_demonstration |= bool(document["is_demonstration"])
            for table, line in lines_of(document):
                self._append(table, line)

    def _append(self, table: str, line: list[Any]) -> None:
        if self.rows[table] == MOST_ROWS:
            self.is_cut = True
            return
        self.rows[table] += 1
        self.sheets[table].append([excel_cell(cell) for cell in line])

    def finish(self, into: IO[bytes], *, made_on: str, address: str, notice: str = "") -> int:
        """How many systems were written. `notice`: what else whoever opens the file must know."""
        words = self.book.create_sheet(sheet_title(_("Data dictionary")))
        for row in (dictionary.heads(), *dictionary.lines()):
            words.append([excel_cell(cell) for cell in row])
        about = self.book.create_sheet(sheet_title(_("About this file")))
        for row in self._about(made_on, address, notice):
            about.append(row)
        self.book.save(into)
        return self.rows[SYSTEMS]

    def _about(self, made_on: str, address: str, notice: str) -> Iterable[list[Any]]:
        if self.is_demonstration:
            yield [_("Fictitious data – demonstration")]
        if self.is_cut:
            yield [_("Excel opens no more rows: the CSV and the JSON have all of them.")]
        if notice:
            yield [notice]
        yield [_("Public register of artificial intelligence"), address]
        yield [_("Made on"), made_on]
        yield [_("Systems"), self.rows[SYSTEMS]]
        yield [_("Licence"), LICENCE]
        yield [_("The tables are joined by the column “reference”, the number of the system.")]
        yield [_("An empty cell is an answer that is not known: it is neither a “no” nor a zero.")]


def write_register(
    into: IO[bytes], documents: Iterable[Mapping[str, Any]], *, made_on: str, address: str, notice: str = ""
) -> int:
    """How many systems were written. `documents`: in their order."""
    book = DocumentsWorkbook()
    book.write(documents)
    return book.finish(into, made_on=made_on, address=address, notice=notice)


def sheet_title(label: str) -> str:
    """Excel takes thirty-one characters, and not all of them."""
    return "".join(char for char in label if char not in "[]:*?/\\")[:31]


def excel_cell(value: Any) -> Any:
    """Harmless in a spreadsheet: no formula, no control character, nothing longer than a cell; empty takes no room."""
    safe = safe_cell(value)
    if not isinstance(safe, str):
        return safe
    return ILLEGAL_CHARACTERS_RE.sub("", safe)[:LONGEST_CELL] or None
