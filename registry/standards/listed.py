"""Several answers in one cell: a list as Python or JSON prints it, or answers one after the other."""

import re
from collections.abc import Iterator

from registry.standards.foreign import UNKNOWN, Recoding
from registry.standards.recoding import Vocabulary, shown
from registry.standards.tabular import without_controls
from registry.standards.words import is_blank, one_line

# One text in quotes, or one word without; nothing of it is ever run.
_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>['"])(?P<quoted>(?:\\.|(?!(?P=mark))[^\\])*)(?P=mark)|(?P<bare>[^'",\[\]{}]+))\s*(?P<end>,|\Z)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": " ", "r": "\n"}
_BETWEEN = re.compile(r"[;|\n]+")
# «b) Sex c) Age»: the letter of an answer begins it.
_LETTERED = re.compile(r"(?<=\S)\s+(?=[a-zA-Z]\) ?\S)")
_MOST = 200


def parse_list(text: str) -> tuple[str, ...] | None:
    """The texts of «['c) Age', "l) Other"]»; None for what is no such list, or is one that nobody would write."""
    clean = text.strip()
    if not (clean.startswith("[") and clean.endswith("]")):
        return None
    inside = clean[1:-1].strip().removesuffix(",")
    found: list[str] = []
    position = 0
    while position < len(inside):
        token = _TOKEN.match(inside, position)
        if token is None or len(found) >= _MOST:
            return None
        position = token.end()
        item = token["bare"] if token["quoted"] is None else _ESCAPE.sub(_unescape, token["quoted"])
        item = one_line(without_controls(item))
        if item and item != "None" and item != "null":
            found.append(item)
    return tuple(found)


def read_codes(
    field: str, text: str, vocabulary: Vocabulary
) -> tuple[tuple[str, ...], tuple[str, ...], Recoding | None]:
    """(codes without repeats, in the order of the cell; words that no code says; at most one recoding)."""
    items = parse_list(text)
    pieces = [text] if items is None else list(items)
    pieces = [piece for piece in pieces if not is_blank(piece) or vocabulary.find(piece)]
    if not pieces:
        return (), (), Recoding(field, "blank", one_line(text), UNKNOWN)
    codes: dict[str, None] = {}
    own: list[str] = []
    is_strange = False
    for piece in pieces:
        for code, words in _read_piece(piece, vocabulary):
            if code is None:
                is_strange = True
            else:
                codes[code] = None
            if not vocabulary.says_all(words):
                own.append(words)
    # An answer that says «not known» says nothing.
    codes.pop(UNKNOWN, None)
    target = ", ".join(codes) or UNKNOWN
    if is_strange:
        return tuple(codes), tuple(own), Recoding(field, "unrecognized", shown(one_line(text)), target)
    if items is not None and all(piece in vocabulary.official for piece in pieces):
        return tuple(codes), (), None
    return tuple(codes), tuple(own), Recoding(field, "synonym", shown(one_line(text)), target)


def _read_piece(piece: str, vocabulary: Vocabulary) -> Iterator[tuple[str | None, str]]:
    """A piece may hold several answers; it is cut only where every part is one."""
    whole = vocabulary.find(piece)
    if whole is not None:
        yield whole, piece
        return
    for cut in (_BETWEEN.split(piece), piece.split(","), _LETTERED.split(piece)):
        parts = [part.strip() for part in cut if part.strip()]
        codes = [vocabulary.find(part) for part in parts[:_MOST]]
        if len(parts) > 1 and all(codes):
            yield from zip(codes, parts, strict=False)
            return
    parts = [part.strip() for part in _BETWEEN.split(piece) if part.strip()]
    for part in parts:
        yield vocabulary.find(part), one_line(part)


def _unescape(match: re.Match[str]) -> str:
    wide, narrow, one = match.groups()
    return chr(int(wide or narrow, 16)) if wide or narrow else _ESCAPED.get(one, one)
