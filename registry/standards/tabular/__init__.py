"""Hostile XLSX, CSV or JSON bytes → named rows of clean text. Raises `UnreadableFile` and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from registry.standards.tabular.cells import accept_text, without_controls
from registry.standards.tabular.csv_records import Record, find_delimiter, read_records, split_separator_line
from registry.standards.tabular.decoding import decode, recode_strays
from registry.standards.tabular.header import find_header, name_columns
from registry.standards.tabular.json_records import is_json, read_json
from registry.standards.tabular.kind import find_kind
from registry.standards.tabular.merges import Merge, fill_down
from registry.standards.tabular.package import Package
from registry.standards.tabular.sheet import read_sheet
from registry.standards.tabular.subtitles import SUBTITLE_JOINT, join_titles
from registry.standards.tabular.table import (
    CELL_DAMAGE,
    DAMAGE,
    LIMITS,
    NOTES,
    ROW_DAMAGE,
    Limits,
    Problem,
    RawRow,
    Row,
    Table,
    UnreadableFile,
)
from registry.standards.tabular.workbook import open_workbook
from registry.standards.words import fold

__all__ = [
    "CELL_DAMAGE",
    "DAMAGE",
    "LIMITS",
    "NOTES",
    "ROW_DAMAGE",
    "SUBTITLE_JOINT",
    "Limits",
    "Problem",
    "Row",
    "Table",
    "UnreadableFile",
    "accept_text",
    "read_table",
    "without_controls",
]


@dataclass(slots=True)
class _Grid:
    """Rows without names yet, and where they come from."""

    rows: list[RawRow]
    kind: Literal["csv", "xlsx"]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    merges: Sequence[Merge] = ()


def read_table(
    content: bytes,
    *,
    filename: str = "",
    known_headers: Collection[str] = frozenset(),
    sheet: str = "",
    takes_results: bool = False,
    takes_json: bool = False,
    limits: Limits = LIMITS,
) -> Table:
    """Read a table; `known_headers` (folded) help to find the header row and the sheet, `sheet` imposes one.

    `takes_results`: the result saved beside a formula is its text, noted as `formula_result`. `takes_json`: a list of
    records in JSON is a table too.
    """
    try:
        if len(content) > limits.file_bytes:
            raise UnreadableFile("file_too_large", limit=limits.file_bytes // 1_000_000)
        if takes_json and is_json(content):
            return read_json(content, limits)
        if find_kind(content) == "csv":
            return _make_table(_read_csv(content, limits), known_headers, limits)
        return _read_workbook(content, known_headers, sheet, limits, takes_results)
    except UnreadableFile as refusal:
        refusal.params.setdefault("filename", filename[:120])
        raise


def _read_csv(content: bytes, limits: Limits) -> _Grid:
    text, encoding = decode(content)
    announced, text = split_separator_line(text)
    delimiter = announced or find_delimiter(text)
    rows: list[RawRow] = []
    cells = 0
    for number, record in enumerate(read_records(text, delimiter), start=1):
        if not any(record.fields) and not record.is_broken:
            continue
        rows.append(_csv_row(number, record, limits))
        cells += len(rows[-1].cells)
        limits.check(len(rows), cells)
    return _Grid(rows, "csv", encoding=encoding, delimiter=delimiter)


def _csv_row(number: int, record: Record, limits: Limits) -> RawRow:
    row = RawRow(number, [])
    if record.is_broken:
        row.problems.append(("unterminated_quote", -1, recode_strays(record.fields[0])[0][:80]))
    for index, field in enumerate(record.fields):
        if index >= limits.columns:
            if any(record.fields[index:]):
                row.cells.append("")
                row.problems.append(("row_too_long", -1, ""))
            break
        text, has_strays = recode_strays(field)
        if has_strays:
            row.problems.append(("character_recoded", index, ""))
        row.cells.append(accept_text(text, index, row.problems, limits))
    return row


def _read_workbook(content: bytes, known: Collection[str], wanted: str, limits: Limits, takes_results: bool) -> Table:
    package = Package(content, limits)
    workbook = open_workbook(package, limits)
    names = tuple(part.name for part in workbook.sheets)
    visible = [part for part in workbook.sheets if not part.is_hidden] or list(workbook.sheets)
    if wanted:
        visible = [part for part in workbook.sheets if part.name == wanted]
        if not visible:
            raise UnreadableFile("unknown_sheet", sheet=wanted[:100])
    best: tuple[tuple[int, int], Table] | None = None
    refusal = UnreadableFile("no_table")
    for part in visible:
        try:
            rows, merges = read_sheet(package, workbook, part, limits, takes_results=takes_results)
            grid = _Grid(rows, "xlsx", sheet=part.name, sheets=names, merges=merges)
            table = _make_table(grid, known, limits)
        except UnreadableFile as error:
            refusal = error
            continue
        hits = sum(fold(header) in known for header in table.headers)
        # Known titles decide; else the first sheet that is a real table (a cover page has one column).
        rank = (hits, int(len(table.headers) > 1))
        if best is None or rank > best[0]:
            best = (rank, table)
    if best is None:
        raise refusal
    return best[1]


def _make_table(grid: _Grid, known: Collection[str], limits: Limits) -> Table:
    filled = [row for row in grid.rows if _has_something(row)]
    start = find_header(filled, known)
    header, body, titles = join_titles(filled, start, known=known, merges=grid.merges)
    if not body:
        raise UnreadableFile("no_rows")
    if any(code == "row_too_long" for code, _, _ in header.problems):
        raise UnreadableFile("too_many_columns", limit=limits.columns)
    shared = fill_down(body, grid.merges, limits)
    is_csv = grid.kind == "csv"
    titled = max((index + 1 for index, cell in enumerate(header.cells) if cell), default=0)
    # In a CSV a cell beyond the titles means that the row is broken; in a workbook it is a column without a title.
    width = _csv_width(header, body, titled) if is_csv else max(titled, *(len(row.cells) for row in body))
    used = {index for row in body for index, cell in enumerate(row.cells[:width]) if cell}
    names, problems = name_columns(header, width, used)
    if not names:
        raise UnreadableFile("no_table")
    problems += [Problem("merged_cells", names[index], str(count)) for index, count in shared.items() if index in names]
    rows = tuple(
        _finish(row, names, (titled, width) if is_csv else None)
        for row in body
        # A header repeated in the middle comes from pages put end to end.
        if [cell.strip() for cell in row.cells if cell] not in titles
    )
    if not rows:
        raise UnreadableFile("no_rows")
    return Table(
        headers=tuple(names.values()),
        rows=rows,
        kind=grid.kind,
        header_row=header.number,
        sheet=grid.sheet,
        sheets=grid.sheets,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        problems=tuple(problems),
    )


def _has_something(row: RawRow) -> bool:
    return any(cell.strip() for cell in row.cells) or any(code in DAMAGE for code, _, _ in row.problems)


def _csv_width(header: RawRow, body: Sequence[RawRow], titled: int) -> int:
    """The titles, and the columns that the header leaves empty at its end and most rows fill: not slipped, untitled."""
    filled = (
        sum(len(row.cells) > index and bool(row.cells[index]) for row in body)
        for index in range(titled, len(header.cells))
    )
    return max((titled + place + 1 for place, count in enumerate(filled) if 2 * count > len(body)), default=titled)


def _finish(row: RawRow, names: dict[int, str], csv_widths: tuple[int, int] | None) -> Row:
    """Give the cells their names; in a CSV, a row that is not as wide as its header cannot be trusted."""
    cells: Sequence[str] = row.cells
    found = list(row.problems)
    least, most = csv_widths or (0, len(cells))
    if len(cells) < least:
        found.append(("row_too_short", -1, ""))
    elif any(cells[most:]):
        found.append(("row_too_long", -1, next(cell for cell in cells[most:] if cell)[:80]))
    named = {name: cells[index] if index < len(cells) else "" for index, name in names.items()}
    problems = (Problem(code, names.get(index, ""), value) for code, index, value in found)
    return Row(row.number, named, tuple(problems))
