"""What changed between two texts, word by word. Pure; gluing the pieces together gives both texts back."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kind = Literal["same", "removed", "added"]

# A word with its elision and the space after it, a mark, or the space that opens a text. Lines, for texts too long.
WORDS = re.compile(r"\w+['’]?\s*|[^\w\s]\s*|\s+")
LINES = re.compile(r"[^.!?;\n]*[.!?;\n]+\s*|.+", re.DOTALL)
# Pairs of equal words that the search may have to look at: a page of French has ten thousand of them. A text made of
# one word repeated has millions, and would cost minutes.
MOST_PAIRS = 40_000
# With less of the shorter text in common, words make a mosaic that nobody reads: one text is shown, then the other.
LEAST_SHARE = 0.3


@dataclass(frozen=True)
class Piece:
    """Some text that stands in both, that only stood before, or that only stands after."""

    kind: Kind
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """In the order one reads: at each place what was removed, then what was added."""
    for pattern in (WORDS, LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        start, end = _common_ends(old, new)
        middle = old[start : len(old) - end], new[start : len(new) - end]
        if _pairs(*middle) <= MOST_PAIRS:
            pieces = [Piece("same", "".join(old[:start])), *_compare(*middle)]
            return _whole_if_strange(before, after, _glued([*pieces, Piece("same", "".join(old[len(old) - end :]))]))
    return _glued([Piece("removed", before), Piece("added", after)])


def before_of(pieces: tuple[Piece, ...]) -> str:
    """The text before, glued from its pieces."""
    return "".join(piece.text for piece in pieces if piece.kind != "added")


def after_of(pieces: tuple[Piece, ...]) -> str:
    """The text after, glued from its pieces."""
    return "".join(piece.text for piece in pieces if piece.kind != "removed")


def _common_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many words open both texts, and how many close both: most corrections leave little between."""
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    end = next((i for i in range(most - start) if old[-1 - i] != new[-1 - i]), most - start)
    return start, end


def _pairs(old: list[str], new: list[str]) -> int:
    counts = Counter(new)
    return sum(counts[word] for word in old)


def _compare(old: list[str], new: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += [Piece("removed", "".join(old[i:j])), Piece("added", "".join(new[k:m]))]
    return pieces


def _glued(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Without empty pieces; neighbours of one kind as one."""
    kept = groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.kind)
    return tuple(Piece(kind, "".join(piece.text for piece in run)) for kind, run in kept)


def _whole_if_strange(before: str, after: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    shorter = min(len(before), len(after))
    shared = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if shared < LEAST_SHARE * shorter:
        return _glued([Piece("removed", before), Piece("added", after)])
    return pieces
