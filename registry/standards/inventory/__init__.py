"""A public body's own inventory, in its own words: columns recognized, answers read, doubts left to a person."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.standards.inventory.mapping import THRESHOLD, Guess, guess_mapping
from registry.standards.inventory.recode import FieldProblem, Value, recode
from registry.standards.inventory.vocabulary import KNOWN_HEADERS
from registry.standards.tabular import CELL_DAMAGE, ROW_DAMAGE, Problem
from registry.standards.words import one_line

__all__ = [
    "KNOWN_HEADERS",
    "THRESHOLD",
    "FieldProblem",
    "Guess",
    "InventoryRow",
    "Value",
    "guess_mapping",
    "parse_inventory_row",
    "recode",
]

_NAME = "name_fr"
# The text was read, but a person should look at it.
_DOUBTFUL = frozenset({"character_lost", "character_recoded", "formula_result"})


class InventoryRow(NamedTuple):
    """What a row gives: values by field, ready for a draft, and every doubt."""

    values: dict[str, Value]
    problems: list[FieldProblem]

    @property
    def comes_in(self) -> bool:
        """A draft needs a name, and a row whose cells stand in their own columns; the rest can be filled later."""
        return _NAME in self.values and not any(problem.code in ROW_DAMAGE for problem in self.problems)


def parse_inventory_row(
    cells: Mapping[str, str], mapping: Mapping[str, str | None], *, problems: Sequence[Problem] = ()
) -> InventoryRow:
    """Read one row by header → field. `problems` are those its file had; of two columns for a field, the first that
    says something counts."""
    row = InventoryRow({}, [])
    row.problems.extend(
        FieldProblem("", problem.code, problem.value) for problem in problems if problem.code in ROW_DAMAGE
    )
    broken = {problem.column: problem for problem in problems if problem.code in CELL_DAMAGE | {"excel_error"}}
    spoiled = {problem.column: problem.code for problem in problems if problem.code in _DOUBTFUL}
    merged = {problem.column for problem in problems if problem.code == "merged_cell"}
    for header, field in mapping.items():
        if not field or field in row.values:
            continue
        if field == _NAME and header in merged:
            # One system told on several rows: nobody can tell which of them is right.
            row.problems.append(FieldProblem(field, "merged_identity", one_line(cells.get(header, ""))))
            continue
        if header in broken:
            row.problems.append(FieldProblem(field, broken[header].code, broken[header].value))
            continue
        read = recode(field, cells.get(header, ""))
        if isinstance(read, FieldProblem):
            row.problems.append(read)
        elif read is not None:
            row.values[field] = read
            if header in spoiled:
                row.problems.append(FieldProblem(field, spoiled[header], cells[header]))
    if _NAME not in row.values and not any(problem.field == _NAME for problem in row.problems):
        row.problems.append(FieldProblem(_NAME, "name_missing"))
    return row
