"""Merged cells of a sheet: one value told for several rows is given to each of them, and said."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.utils import column_index_from_string

from registry.standards.tabular.table import LAST_COLUMN, LAST_ROW, Limits, RawRow, UnreadableFile

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6}):\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})\Z")


class Merge(NamedTuple):
    """A rectangle of cells shown as one; its value stands in the first. Rows as shown, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def is_wide(self) -> bool:
        return self.last_column > self.first_column


def read_merge(reference: str) -> Merge | None:
    """`B5:C10`; nothing when that is no rectangle of a sheet."""
    found = _RANGE.match(reference)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    merge = Merge(int(top), int(bottom), *(column_index_from_string(side.upper()) - 1 for side in (left, right)))
    is_inside = merge.last_row <= LAST_ROW and merge.last_column < LAST_COLUMN
    return (
        merge if is_inside and merge.first_row <= merge.last_row and merge.first_column <= merge.last_column else None
    )


def fill_down(rows: Sequence[RawRow], merges: Sequence[Merge], limits: Limits) -> Counter[int]:
    """Give the value of each merged cell to the rows it covers, never to the columns beside it: that would be another
    field. How many rows took a value, by column."""
    filled: Counter[int] = Counter()
    places = {row.number: place for place, row in enumerate(rows)}
    steps = 0
    for merge in merges:
        start, column = places.get(merge.first_row), merge.first_column
        if start is None or merge.last_row == merge.first_row:
            continue
        for place in range(start + 1, len(rows)):
            row = rows[place]
            if row.number > merge.last_row:
                break
            steps += 1
            if steps > limits.cells:
                # Rectangles that lie on one another: no spreadsheet program makes them.
                raise UnreadableFile("too_many_merges", limit=limits.merges)
            filled[column] += _fill(row, rows[start], column)
    return +filled


def _fill(row: RawRow, first: RawRow, column: int) -> bool:
    text = first.cells[column] if column < len(first.cells) else ""
    has_own = column < len(row.cells) and row.cells[column].strip()
    if has_own or any(index == column for _, index, _ in row.problems):
        return False
    shared = [problem for problem in first.problems if problem[1] == column]
    if not text.strip() and not shared:
        return False
    row.cells.extend([""] * (column + 1 - len(row.cells)))
    row.cells[column] = text
    row.problems += [*shared, ("merged_cell", column, text[:80])]
    return True
