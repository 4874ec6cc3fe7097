"""The cells of one XLSX sheet as text, read as they stream by: a bad cell spoils itself, not the sheet."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from registry.standards.tabular.cells import accept_text
from registry.standards.tabular.merges import Merge, read_merge
from registry.standards.tabular.package import Finished, Package
from registry.standards.tabular.table import LAST_COLUMN, LAST_ROW, Limits, RawRow, UnreadableFile
from registry.standards.tabular.workbook import SheetPart, Workbook, unescape

_REFERENCE = re.compile(r"([A-Za-z]{1,3})[1-9]\d{0,6}\Z")
_PLAIN_INTEGER = re.compile(r"-?\d{1,15}\Z")


# What may stand between the cells and the list of merged cells; anything else comes after it.
_BEFORE_MERGES = frozenset(
    {"sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"}
    | {"customSheetViews", "mergeCells"}
)


def read_sheet(
    package: Package, workbook: Workbook, sheet: SheetPart, limits: Limits, *, takes_results: bool = False
) -> tuple[list[RawRow], list[Merge]]:
    """The rows of the sheet that hold something, and its merged cells."""
    target = _SheetTarget(workbook, limits, takes_results)
    try:
        package.parse(sheet.part, target)
    except UnreadableFile as refusal:
        # Every cell was read: what is broken after them costs nobody their table.
        if not target.has_all_cells or refusal.code != "damaged_file":
            raise
    return target.rows, target.merges


def format_number(text: str) -> str:
    """A number as a person would type it: 2025, 0.3, 12500.5; never an exponent, never binary leftovers."""
    if _PLAIN_INTEGER.match(text):
        return str(int(text))
    number = Decimal(f"{float(text):.15g}")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(text[:40])
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def format_moment(value: datetime | date | time | timedelta) -> str:
    """ISO text; midnight is not said, since nobody typed it."""
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    return value.isoformat(timespec="seconds") if isinstance(value, time) else value.isoformat()


class _SheetTarget:
    """One cell at a time; nothing of the XML is kept."""

    def __init__(self, workbook: Workbook, limits: Limits, takes_results: bool) -> None:
        self.rows: list[RawRow] = []
        self.merges: list[Merge] = []
        self.has_all_cells = False
        self._takes_results = takes_results
        self._depth = 0
        self._cells = 0
        self._workbook, self._limits = workbook, limits
        self._epoch = MAC_EPOCH if workbook.is_1904 else WINDOWS_EPOCH
        self._row = RawRow(0, [])
        self._column = -1
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._length = 0
        self._is_text = self._is_guide = self._is_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.has_all_cells:
            self._start_after_cells(name, attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "v" or (name == "t" and not self._is_guide):
            self._is_text = True
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_guide = True
        elif name == "row":
            self._start_row(attributes.get("r", ""))

    def end(self, name: str) -> None:
        if self.has_all_cells:
            self._depth -= 1
        elif name in ("v", "t"):
            self._is_text = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._is_guide = False
        elif name == "row":
            self._end_row()
        elif name == "sheetData":
            self.has_all_cells, self._is_text = True, False

    def _start_after_cells(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth <= 0 and name not in _BEFORE_MERGES:
            raise Finished
        self._depth += 1
        if name != "mergeCell":
            return
        if len(self.merges) >= self._limits.merges:
            raise UnreadableFile("too_many_merges", limit=self._limits.merges)
        if merge := read_merge(attributes.get("ref", "")):
            self.merges.append(merge)

    def data(self, text: str) -> None:
        # Twice the limit: enough to see that a cell is too long, whatever it takes to write it.
        if self._is_text and self._length <= 2 * self._limits.cell_characters:
            self._pieces.append(text)
            self._length += len(text)

    def _start_row(self, number: str) -> None:
        following = self._row.number + 1
        said = int(number) if number.isdecimal() and len(number) <= 7 else following
        self._row = RawRow(said if following <= said <= LAST_ROW else following, [])
        self._column = -1

    def _end_row(self) -> None:
        if any(self._row.cells) or self._row.problems:
            self._cells += len(self._row.cells)
            self._limits.check(len(self.rows) + 1, self._cells)
            self.rows.append(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.match(attributes.get("r", ""))
        column = column_index_from_string(reference.group(1).upper()) - 1 if reference else self._column + 1
        self._column = min(column, LAST_COLUMN)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._pieces, self._length = [], 0
        self._is_text = self._is_guide = self._is_formula = False

    def _end_cell(self) -> None:
        problems = self._row.problems
        before = len(problems)
        text = ""
        if self._is_formula and not self._has_result():
            problems.append(("formula_cell", self._column, ""))
        elif self._pieces:
            text = self._read("".join(self._pieces))
            if text and self._is_formula:
                # What another program computed and saved: text like any other, that a person must check.
                problems.append(("formula_result", self._column, ""))
        if self._column < 0 or (not text and len(problems) == before):
            return
        if self._column >= self._limits.columns:
            raise UnreadableFile("too_many_columns", limit=self._limits.columns)
        cells = self._row.cells
        cells.extend([""] * (self._column + 1 - len(cells)))
        cells[self._column] = text

    def _has_result(self) -> bool:
        """Saved beside its formula; an empty text is a result too (`=IF(A1="";"";A1)`). We never compute one."""
        return self._takes_results and (bool("".join(self._pieces).strip()) or self._kind == "str")

    def _read(self, raw: str) -> str:
        problems, column = self._row.problems, self._column
        if self._kind == "e":
            problems.append(("excel_error", column, raw[:20]))
            return ""
        try:
            text = self._value(raw)
        except (ValueError, IndexError, OverflowError, ArithmeticError, TypeError):
            problems.append(("cell_unreadable", column, raw[:80]))
            return ""
        return accept_text(text, column, problems, self._limits)

    def _value(self, raw: str) -> str:
        match self._kind:
            case "s":
                index = int(raw)
                if index < 0:
                    raise IndexError(index)
                return self._workbook.strings[index]
            case "inlineStr" | "str":
                return unescape(raw)
            case "b":
                return "true" if int(raw) else "false"
            case "d":
                moment = raw.strip()
                return format_moment(
                    time.fromisoformat(moment) if ":" in moment[:3] else datetime.fromisoformat(moment)
                )
            case _:
                return self._number(raw.strip())

    def _number(self, raw: str) -> str:
        kinds, style = self._workbook.style_kinds, self._style
        kind = kinds[int(style)] if style.isdecimal() and int(style) < len(kinds) else " "
        if kind == " ":
            return format_number(raw)
        moment = from_excel(float(raw), self._epoch, timedelta=kind == "t")
        return format_moment(moment) if moment is not None else ""
