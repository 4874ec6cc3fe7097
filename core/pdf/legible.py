"""Letters that our fonts can draw: PDF/A and PDF/UA refuse a text with a glyph nobody can see or read out."""

import unicodedata
from collections.abc import Iterable, Set
from typing import Any

_NARROW_NO_BREAK_SPACE, _NO_BREAK_SPACE = "\u202f", "\u00a0"
_LAYOUT = "\n\t\r\f "
_JOINERS = "\u00ad\u200c\u200d"
_ADDRESSES = {"href", "src", "id", "class", "lang"}


def make_legible(tree: Any, drawable: Set[int]) -> None:
    """Replace in place, in texts and attributes, what cannot be drawn; everything else stays as typed."""
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        node.text = legible(node.text, drawable)
        node.tail = legible(node.tail, drawable)
        for name, value in node.items():
            if name not in _ADDRESSES:
                node.set(name, legible(value, drawable))


def legible(text: str | None, drawable: Set[int]) -> str | None:
    if not text or (text.isascii() and text.isprintable()):
        return text
    table = _replacements(set(text), drawable)
    return text.translate(table) if table else text


def _replacements(letters: Iterable[str], drawable: Set[int]) -> dict[int, str]:
    mark = "\N{REPLACEMENT CHARACTER}" if 0xFFFD in drawable else "?"
    return {
        ord(letter): _replacement(letter, drawable, mark)
        for letter in letters
        if letter not in _LAYOUT and _is_trouble(letter, drawable)
    }


def _is_trouble(letter: str, drawable: Set[int]) -> bool:
    if letter in _JOINERS or letter == _NARROW_NO_BREAK_SPACE:
        return True
    # Controls, unpaired halves, private and unassigned letters; direction marks could make a number read backwards.
    return unicodedata.category(letter)[0] == "C" or ord(letter) not in drawable


def _replacement(letter: str, drawable: Set[int], mark: str) -> str:
    if letter == _NARROW_NO_BREAK_SPACE:
        return _NO_BREAK_SPACE
    if letter in _JOINERS:
        return letter if ord(letter) in drawable else ""
    if unicodedata.category(letter) in {"Cc", "Cf"} or unicodedata.name(letter, "").startswith("VARIATION SELECTOR"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter and all(ord(each) in drawable or each == " " for each in plain):
        return plain
    return mark
