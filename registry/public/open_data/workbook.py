"""The whole register as an Excel workbook: a line a system, the dictionary of its columns, and what it is.

Rows are written as they come, in a file of the disk: memory does not grow with the register.
"""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.text import safe_cell
from registry.public.open_data import dictionary, flat

# Excel opens no longer cell and no sheet of more rows.
LONGEST_CELL, MOST_ROWS = 32_000, 1_048_575
LICENCE = "CC BY 4.0 – https://creativecommons.org/licenses/by/4.0/"


def write_register(into: IO[bytes], documents: Iterable[Mapping[str, Any]], *, made_on: str, address: str) -> int:
    """How many systems were written. `documents`: those in force, in order."""
    book = Workbook(write_only=True)
    systems = book.create_sheet(_("Systems"))
    systems.append(flat.columns())
    count, is_demonstration, is_cut = 0, False, False
    for document in documents:
        if is_cut := count == MOST_ROWS:
            break
        count += 1
        is_demonstration |= bool(document["is_demonstration"])
        systems.append([_cell(cell) for cell in flat.line(document)])
    words = book.create_sheet(_("Data dictionary"))
    for row in (dictionary.HEADS, *dictionary.lines()):
        words.append([_cell(cell) for cell in row])
    about = book.create_sheet(_("About this file"))
    for row in _about(count, made_on, address, is_demonstration=is_demonstration, is_cut=is_cut):
        about.append(row)
    book.save(into)
    return count


def _about(count: int, made_on: str, address: str, *, is_demonstration: bool, is_cut: bool) -> Iterable[list[Any]]:
    if is_demonstration:
        yield [_("Fictitious data – demonstration")]
    if is_cut:
        yield [_("Excel opens no more rows: the CSV and the JSON have every system.")]
    yield [_("Public register of artificial intelligence"), address]
    yield [_("Made on"), made_on]
    yield [_("Systems"), count]
    yield [_("Licence"), LICENCE]
    yield [_("An empty cell is an answer that is not known: it is neither a “no” nor a zero.")]


def _cell(value: Any) -> Any:
    """Harmless in a spreadsheet: no formula, no control character, nothing longer than a cell; empty takes no room."""
    safe = safe_cell(value)
    if not isinstance(safe, str):
        return safe
    return ILLEGAL_CHARACTERS_RE.sub("", safe)[:LONGEST_CELL] or None
