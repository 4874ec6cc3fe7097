"""The small parts of an XLSX workbook: its sheets, its shared texts, which of its styles are dates."""

import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format

from registry.standards.tabular.package import Package
from registry.standards.tabular.table import Limits, UnreadableFile

# How Excel writes a character that XML cannot carry; mostly the carriage return of a pasted text.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MOST_STRINGS = 1_000_000


class SheetPart(NamedTuple):
    """A worksheet and where it is in the package."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is needed to read the cells of any of its sheets."""

    sheets: tuple[SheetPart, ...]
    strings: list[str]
    # One letter per style: d date, t duration, or a space.
    style_kinds: str
    is_1904: bool


def open_workbook(package: Package, limits: Limits) -> Workbook:
    """Everything but the cells. Macros, links to other workbooks, drawings and properties are never opened."""
    part = _find(_relations(package, "_rels/.rels", ""), "/officeDocument") or "xl/workbook.xml"
    if not package.has(part):
        raise UnreadableFile("not_a_table")
    folder, name = posixpath.split(part)
    relations = _relations(package, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
    index = _WorkbookTarget()
    package.parse(part, index)
    sheets = tuple(
        SheetPart(title, relations[key][1], is_hidden)
        for title, key, is_hidden in index.sheets
        if key in relations and relations[key][0].endswith("/worksheet") and package.has(relations[key][1])
    )
    if not sheets:
        raise UnreadableFile("no_table")
    strings, styles = _StringsTarget(limits), _StylesTarget()
    for target, kind in ((strings, "/sharedStrings"), (styles, "/styles")):
        found = _find(relations, kind)
        if found and package.has(found):
            package.parse(found, target)
    return Workbook(sheets, strings.strings, styles.kinds(), index.is_1904)


def unescape(text: str) -> str:
    """`_x000D_` → the character it stands for."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _relations(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    target = _RelationsTarget(folder)
    if package.has(part):
        package.parse(part, target)
    return target.relations


def _find(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for type_, part in relations.values() if type_.endswith(kind)), "")


class _Quiet:
    """Ignores what its heirs do not ask for."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class _RelationsTarget(_Quiet):
    def __init__(self, folder: str) -> None:
        self.relations: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # External targets are addresses of other files or sites: never followed.
        if name == "Relationship" and attributes.get("TargetMode") != "External" and len(self.relations) < 10_000:
            path = attributes.get("Target", "")
            part = path[1:] if path.startswith("/") else posixpath.normpath(posixpath.join(self._folder, path))
            self.relations[attributes.get("Id", "")] = (attributes.get("Type", ""), part)


class _WorkbookTarget(_Quiet):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and len(self.sheets) < 1_000:
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", "")[:100], attributes.get("id", ""), is_hidden))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in ("1", "true")


class _StringsTarget(_Quiet):
    """Shared texts; the pronunciation guides of Asian workbooks (`rPh`) are not text."""

    def __init__(self, limits: Limits) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._is_text = self._is_guide = False
        # One more than allowed is kept, so that the cell that uses it can say so.
        self._longest = limits.cell_characters + 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._is_text = not self._is_guide
        elif name == "rPh":
            self._is_guide = True

    def end(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_guide = False
        elif name == "si":
            if len(self.strings) >= _MOST_STRINGS:
                raise UnreadableFile("zip_bomb")
            self.strings.append(unescape("".join(self._pieces))[: self._longest])
            self._pieces = []

    def data(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


class _StylesTarget(_Quiet):
    """Only the number formats matter here: they alone tell a date from a number."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._cells: list[str] = []
        self._is_cell_list = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self._is_cell_list = True
        elif name == "xf" and self._is_cell_list and len(self._cells) < 70_000:
            self._cells.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_cell_list = False

    def kinds(self) -> str:
        known = {key: self._kind(key) for key in set(self._cells)}
        return "".join(known[key] for key in self._cells)

    def _kind(self, key: str) -> str:
        code = self._formats.get(key) or (builtin_format_code(int(key)) if key.isdecimal() and len(key) < 10 else None)
        if not code or not is_date_format(code):
            return " "
        return "t" if is_timedelta_format(code) else "d"
