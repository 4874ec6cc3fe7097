"""The golden table, read: one row for each address, method and case; one cell for each function.

A cell is `own|other|parent`: what a member of the object's own body is answered, a member of another body, a member of
the body above. One status stands for all three. `?` is not known yet: the test says what it saw.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.access.people import COLUMNS, relations_of

FILE = Path(__file__).with_name("table.csv")
HEAD = ("page", "method", "case")
UNKNOWN = "?"


@dataclass(frozen=True)
class Row:
    """`case`: which object, or which variant; `-` where there is only one."""

    page: str
    method: str
    case: str
    cells: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.page} {self.case}".removesuffix(" -")

    @property
    def key(self) -> tuple[str, str, str]:
        return self.page, self.method, self.case

    def expected(self, column: str) -> tuple[str, ...]:
        """One status a relation."""
        cell = dict(self.cells)[column]
        count = len(relations_of(self.page, column))
        statuses = tuple(cell.split("|"))
        if len(statuses) == 1:
            return statuses * count
        if len(statuses) != count:
            raise ValueError(f"{self}, {column}: «{cell}» does not give {count} statuses.")
        return statuses


def cell_of(statuses: list[str]) -> str:
    """As the table writes what was seen."""
    return statuses[0] if len(set(statuses)) == 1 else "|".join(statuses)


@cache
def read_table() -> tuple[Row, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        head, *lines = [[cell.strip() for cell in line] for line in csv.reader(file) if line]
    if tuple(head) != (*HEAD, *COLUMNS):
        raise ValueError(f"The columns of {FILE.name} are: {', '.join((*HEAD, *COLUMNS))}.")
    return tuple(Row(*line[:3], tuple(zip(COLUMNS, line[3:], strict=True))) for line in lines)
