"""Titles on two rows: «Nom» over «Français» and «Anglais» are the columns «Nom – Français» and «Nom – Anglais»."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from registry.standards.tabular.header import looks_like_titles
from registry.standards.tabular.merges import Merge
from registry.standards.tabular.table import RawRow
from registry.standards.words import fold, one_line

Titles = list[list[str]]

SUBTITLE_JOINT: Final = " – "
_LANGUAGES: Final = frozenset({"francais", "anglais", "french", "english", "fr", "en", "version francaise"})
_LONGEST_SUBTITLE = 80


def join_titles(
    rows: Sequence[RawRow], start: int, *, known: Collection[str], merges: Sequence[Merge]
) -> tuple[RawRow, Sequence[RawRow], Titles]:
    """(the row of titles, the rows after it, the titles as they stand in the file). `start`: the row found to hold
    titles; its sub-titles are below it, or it is itself the row of sub-titles of the one above."""
    for above in (start, start - 1):
        if above >= 0 and above + 2 <= len(rows) - 1 and _are_two_rows(rows, above, known, merges):
            upper, lower = rows[above], rows[above + 1]
            joined = RawRow(lower.number, _joined(upper, lower), [*upper.problems, *lower.problems])
            return joined, rows[above + 2 :], [_texts(upper), _texts(lower)]
    return rows[start], rows[start + 1 :], [_texts(rows[start])]


def _are_two_rows(rows: Sequence[RawRow], above: int, known: Collection[str], merges: Sequence[Merge]) -> bool:
    """Sub-titles stand under titles that are wider than a column; below the other titles, there is nothing."""
    upper, lower = rows[above], rows[above + 1]
    spans = _spans(upper, lower, merges)
    under = [(index, _cell(lower, index)) for span in spans.values() for index in span]
    subtitles = [text for _, text in under if text]
    single = [index for index in range(len(upper.cells)) if _cell(upper, index) and index not in spans]
    if len(spans) + len(single) < 2 or len(subtitles) < 2 or len(subtitles) < len(under):
        return False
    if any(_cell(lower, index) for index in range(len(lower.cells)) if index not in {place for place, _ in under}):
        return False
    if not looks_like_titles(sorted(set(subtitles))) or max(map(len, subtitles)) > _LONGEST_SUBTITLE:
        return False
    return _is_sure(rows[above : above + 2], rows[above + 2 :], subtitles, single, known, merges)


def _spans(upper: RawRow, lower: RawRow, merges: Sequence[Merge]) -> dict[int, range]:
    """Titles wider than one column: merged cells, or holes on their right that the next row fills."""
    wide = {
        merge.first_column: range(merge.first_column, merge.last_column + 1)
        for merge in merges
        if merge.first_row == merge.last_row == upper.number and merge.is_wide and merge.last_column < 256
    }
    spans: dict[int, range] = {}
    width = max(len(upper.cells), len(lower.cells))
    for index in range(len(upper.cells)):
        if not _cell(upper, index):
            continue
        stop = index + 1
        while stop < width and not _cell(upper, stop) and _cell(lower, stop):
            stop += 1
        if found := wide.get(index) or (range(index, stop) if stop > index + 1 else None):
            spans[index] = found
    return spans


def _is_sure(
    titles: Sequence[RawRow],
    body: Sequence[RawRow],
    subtitles: Sequence[str],
    single: Sequence[int],
    known: Collection[str],
    merges: Sequence[Merge],
) -> bool:
    """A first system that says little must not be taken for sub-titles: they say so themselves, or the layout does."""
    upper, lower = titles
    words = [fold(text) for text in subtitles]
    if all(word in _LANGUAGES or word in known for word in words) or Counter(words).most_common(1)[0][1] > 1:
        return True
    if not any(merge.first_row == merge.last_row == upper.number and merge.is_wide for merge in merges):
        return False
    tall = {merge.first_column for merge in merges if (merge.first_row, merge.last_row) == (upper.number, lower.number)}
    answered = any(_cell(row, index) for row in body[:50] for index in single)
    return bool(tall.intersection(single)) or (len(single) > 1 and answered)


def _joined(upper: RawRow, lower: RawRow) -> list[str]:
    cells, title = [], ""
    for index in range(max(len(upper.cells), len(lower.cells))):
        subtitle = _cell(lower, index)
        title = _cell(upper, index) or (title if subtitle else "")
        cells.append(SUBTITLE_JOINT.join(filter(None, (title, subtitle))))
    return cells


def _cell(row: RawRow, index: int) -> str:
    return one_line(row.cells[index]) if index < len(row.cells) else ""


def _texts(row: RawRow) -> list[str]:
    return [cell.strip() for cell in row.cells if cell]
