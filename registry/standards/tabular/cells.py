"""What becomes of the text of one cell, whatever file it came from."""

import re
import unicodedata

from registry.standards.tabular.table import LIMITS, Limits

# C0 and C1 controls except tab and line feed, and the marks that reverse the direction of what is shown after them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LOST = re.compile("[\ud800-\udfff\ufffd]")
# A text that a spreadsheet would take for a formula on the next export, and run on someone's machine.
_FORMULA = re.compile(r"\s*(?:=(?![=>])\s*\S|[+\-@][A-Z][A-Z0-9.]*\(|[+\-@].*\w\|')")
_ASCII = re.compile(r"[\x20-\x7e]*\Z")
_FORMULA_SIGNS = frozenset("=+-@ \t")


def is_formula(text: str) -> bool:
    """Would a spreadsheet run this text?"""
    return text[:1] in _FORMULA_SIGNS and _FORMULA.match(text) is not None


def without_controls(text: str) -> str:
    """The same text, of a cell that was accepted, after what stood for characters (`\\x00`, `&#0;`) was replaced."""
    return text if _ASCII.match(text) else _accept_unusual(text, -1, [])


def accept_text(text: str, index: int, problems: list[tuple[str, int, str]], limits: Limits = LIMITS) -> str:
    """The text to keep; what was removed from it is added to the row's problems."""
    if not text:
        return ""
    if not _ASCII.match(text):
        text = _accept_unusual(text, index, problems)
    if is_formula(text):
        # Its text is dropped, not repeated in the problem: a report is opened in a spreadsheet too.
        problems.append(("formula_cell", index, ""))
        return ""
    if len(text) > limits.cell_characters:
        problems.append(("cell_too_long", index, text[:80]))
        return ""
    return text


def _accept_unusual(text: str, index: int, problems: list[tuple[str, int, str]]) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        problems.append(("control_character", index, ""))
        text = _CONTROL.sub("", text)
    if _LOST.search(text):
        problems.append(("character_lost", index, ""))
        text = _LOST.sub("\ufffd", text)
    # Files made on a Mac hold «e» and its accent apart; the database and the search want one character.
    return unicodedata.normalize("NFC", text)
