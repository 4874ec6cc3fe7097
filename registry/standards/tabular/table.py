"""What a table read from a stranger's file is, what may be wrong with it, and how much of it we accept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal


class UnreadableFile(Exception):
    """The whole file is refused: `code` is stable and has one sentence per language; `params` fill it."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Limits:
    """Far above any inventory a public body keeps, far below what would hurt the machine."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 64_000_000
    # Real workbooks unpack 5 to 60 times; DEFLATE can reach 1,000.
    unpacked_ratio: int = 200
    ratio_from_bytes: int = 8_000_000
    parts: int = 2_000
    rows: int = 20_000
    columns: int = 256
    # Wider tables may hold fewer rows: this is what fills the memory, a hundred bytes a cell.
    cells: int = 600_000
    # Some thousands are laid out by hand; beyond, a program made them to cost time.
    merges: int = 10_000
    # The most that a spreadsheet cell holds.
    cell_characters: int = 32_767

    def check(self, rows: int, cells: int) -> None:
        """Refuse a table that has grown too large, with the number of rows that would have been accepted."""
        # The header counts as one row of those read.
        if rows > self.rows + 1 or cells > self.cells:
            raise UnreadableFile("too_many_rows", limit=min(self.rows, rows - 1))


LIMITS: Final = Limits()
# The last row and column a spreadsheet can show; whoever goes beyond did not make a table.
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

# The row itself cannot be trusted: its cells may stand in the wrong columns.
ROW_DAMAGE: Final = frozenset({"row_too_short", "row_too_long", "unterminated_quote", "not_a_record"})
# One cell has no trustworthy text; the others do.
CELL_DAMAGE: Final = frozenset({"formula_cell", "cell_too_long", "cell_unreadable"})
DAMAGE: Final = ROW_DAMAGE | CELL_DAMAGE
# Said for honesty; the text that remains is good.
NOTES: Final = frozenset(
    {"excel_error", "control_character", "character_lost", "character_recoded", "formula_result", "merged_cell"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a row: a stable code, the column it is in (empty: the whole row), what stood there."""

    code: str
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class RawRow:
    """A row before its columns have names: problems carry the index of their cell, -1 for the whole row."""

    number: int
    cells: list[str]
    problems: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, numbered as a spreadsheet shows it; every header has its cell, empty or not."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def damage(self) -> Problem | None:
        """The first problem for which the row cannot be taken as it is."""
        return next((problem for problem in self.problems if problem.code in DAMAGE), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file, read. Never empty of columns nor of rows: that would have been `UnreadableFile`."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: Literal["csv", "xlsx", "json"]
    header_row: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    # About the columns: `duplicate_header`, `empty_header`, `merged_cells` (value: how many rows).
    problems: tuple[Problem, ...] = ()
