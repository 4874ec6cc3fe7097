"""Which row holds the titles of the columns, and one distinct name for each column."""

import re
from collections.abc import Collection, Sequence

from openpyxl.utils import get_column_letter

from registry.standards.tabular.table import Problem, RawRow, UnreadableFile
from registry.standards.words import fold, one_line

# Titles, dates and logos may stand above the table, not a page of text.
_SEARCHED = 25
_LONGEST_TITLE = 200
_NUMBER = re.compile(r"[\d\s.,:/$%-]+\Z")


def find_header(rows: Sequence[RawRow], known: Collection[str]) -> int:
    """Index of the header row. `known` holds folded titles, which decide when two or more are there; may be empty."""
    candidates = range(min(_SEARCHED, len(rows)))
    if not candidates:
        raise UnreadableFile("no_table")
    if known:
        hits = [sum(fold(cell) in known for cell in rows[index].cells if cell) for index in candidates]
        best = max(candidates, key=lambda index: hits[index])
        if hits[best] >= 2:
            return best
    widest = max(_filled(row) for row in rows[: _SEARCHED * 2])
    needed = max(1, round(0.6 * widest))
    for index in candidates:
        if _filled(rows[index]) >= needed and looks_like_titles(rows[index].cells):
            return index
    return next((index for index in candidates if _filled(rows[index]) >= needed), 0)


def name_columns(header: RawRow, width: int, used: Collection[int]) -> tuple[dict[int, str], list[Problem]]:
    """Index → name for every column that has a title or a value; what was odd about the titles."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    problems: list[Problem] = []
    for index in range(width):
        title = one_line(header.cells[index])[:_LONGEST_TITLE] if index < len(header.cells) else ""
        if not title and index not in used:
            continue
        if not title:
            title = f"({get_column_letter(index + 1)})"
            problems.append(Problem("empty_header", title))
        name, copy = title, 2
        while name in taken:
            name, copy = f"{title} ({copy})", copy + 1
        if name != title:
            problems.append(Problem("duplicate_header", name, title))
        taken.add(name)
        names[index] = name
    return names, problems


def _filled(row: RawRow) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def looks_like_titles(cells: Sequence[str]) -> bool:
    """Short, nearly all different, and none of them a number."""
    titles = [one_line(cell) for cell in cells if cell.strip()]
    if any(len(title) > _LONGEST_TITLE or _NUMBER.match(title) for title in titles):
        return False
    return len({title.casefold() for title in titles}) > 0.7 * len(titles)
