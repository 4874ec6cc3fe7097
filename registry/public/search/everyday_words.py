"""A citizen types an everyday word; the body wrote another, perhaps in the other language. Groups of words bridge."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from registry.standards.words import fold

WORDS_FILE = Path(__file__).with_name("everyday_words.yaml")
LONGEST_PHRASE = 4
# A passage in quotes (closed or not), else what stands between spaces; a minus belongs to what follows it.
_TERM = re.compile(r'-?"[^"]*"?|[^\s"]+')
_ELISION = re.compile(r"^(l|d|qu|s|n|j|m|c) (?=\w)")
_SHORTEST_PLURAL = 4
# The French grammar of PostgreSQL takes no «s» off after these: «photo» and «photos» are two words for it.
_KEEPS_ITS_S = re.compile(r"[^\W\d_]{2,}[aio]s?")

AnyQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Piece:
    """A part of what was typed: as the database reads it, and the everyday words it stands for, if any."""

    typed: str
    group: str = ""

    @property
    def for_database(self) -> str:
        return self.group or self.typed


def normal_form(text: str) -> str:
    """The same for a word with or without capitals, accents, elision and plural, in either language."""
    return " ".join(_singular(word) for word in _ELISION.sub("", fold(text)).split())


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL:
        return word
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    word = word[:-1] if word.endswith(("s", "x")) else word
    return word[:-2] + "y" if word.endswith("ie") else word


def read_words() -> Mapping[str, list[Any]]:
    """The file: `groups`, rows of `fr`, `en` and perhaps `typed`; `confused`, words."""
    words: Mapping[str, list[Any]] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return words


def _index(rows: Iterable[Mapping[str, list[str]]], confused: frozenset[str]) -> dict[str, str]:
    """Normal form of each word → what it finds, as the database reads it: each in quotes, «or» between."""
    found = {}
    for row in rows:
        one_sense = [*row["fr"], *row["en"]]
        for word in one_sense:
            found[normal_form(word)] = _any_of(one_sense)
        for word in row.get("typed", []):
            found[normal_form(word)] = _any_of(one_sense if normal_form(word) in confused else [word, *one_sense])
    return found


def _any_of(words: Iterable[str]) -> str:
    return " or ".join(f'"{each}"' for word in words for each in dict.fromkeys([word, _other_number(word)]))


def _other_number(text: str) -> str:
    """«photo aérienne» → «photos aérienne»: where the grammar takes no «s» off, both numbers are looked for."""
    words = text.split()
    return " ".join(
        (word[:-1] if word.endswith("s") else word + "s") if _KEEPS_ITS_S.fullmatch(word.lower()) else word
        for word in words
    )


_WORDS = read_words()
CONFUSED: frozenset[str] = frozenset(normal_form(word) for word in _WORDS["confused"])
GROUP_OF: Mapping[str, str] = _index(_WORDS["groups"], CONFUSED)


@cache
def single_words() -> tuple[str, ...]:
    """Every word of the file that stands alone, as it is written there."""
    words = [word for row in _WORDS["groups"] for words in row.values() for word in words]
    return tuple(word for word in words if word.isalpha())


def as_typed(text: str) -> str:
    """What was typed, its expressions in quotes: «aide sociale» is not «aide» here and «sociale» there."""
    clauses = [_pieces(clause) for clause in _clauses(_TERM.findall(text))]
    if not any(" " in piece.typed for clause in clauses for piece in clause):
        return text
    return " or ".join(" ".join(_quoted(piece) for piece in clause) for clause in clauses)


def _quoted(piece: Piece) -> str:
    return f'"{piece.typed}"' if piece.group and " " in piece.typed else piece.typed


def confused_words(text: str) -> list[str]:
    """Words of this search that the grammar of the page mistakes for another."""
    terms = _TERM.findall(text)
    if any(term.lower() == "or" for term in terms):
        return []
    return [term for term in terms if _is_plain(term) and normal_form(term) in CONFUSED]


def wider_query(text: str, config: str) -> AnyQuery | None:
    """What was typed, where each everyday word stands for its group; nothing when no word has one.

    Quotes and minus mean what they meant: a passage in quotes and what is taken out are left as typed.
    """
    clauses = [_pieces(clause) for clause in _clauses(_TERM.findall(text))]
    if not any(piece.group for clause in clauses for piece in clause):
        return None
    wider: AnyQuery | None = None
    for clause in clauses:
        query = _all_of(clause, config)
        wider = query if wider is None else wider | query
    return wider


def _clauses(terms: list[str]) -> list[list[str]]:
    """Terms between two «or»: that operator binds less than the others."""
    clauses: list[list[str]] = [[]]
    for term in terms:
        if term.lower() == "or":
            clauses.append([])
        else:
            clauses[-1].append(term)
    return [clause for clause in clauses if clause]


def _pieces(terms: list[str]) -> list[Piece]:
    """The longest expression of the file wins."""
    pieces: list[Piece] = []
    start = 0
    while start < len(terms):
        for length in range(min(LONGEST_PHRASE, len(terms) - start), 0, -1):
            said = terms[start : start + length]
            group = GROUP_OF.get(normal_form(" ".join(said)), "") if all(map(_is_plain, said)) else ""
            if group:
                break
        else:
            group = _both_numbers(said[0])
        pieces.append(Piece(" ".join(said), group))
        start += length
    return pieces


def _both_numbers(term: str) -> str:
    return _any_of([term]) if _is_plain(term) and _KEEPS_ITS_S.fullmatch(term.lower()) else ""


def _is_plain(term: str) -> bool:
    return not term.startswith("-") and '"' not in term


def _all_of(pieces: list[Piece], config: str) -> AnyQuery:
    """Neighbours without a group go together, as one text: the database reads its minus and quotes."""
    texts: list[str] = []
    was_group = True
    for piece in pieces:
        if piece.group or was_group:
            texts.append(piece.for_database)
        else:
            texts[-1] += " " + piece.for_database
        was_group = bool(piece.group)
    query: AnyQuery = SearchQuery(texts[0], config=config, search_type="websearch")
    for text in texts[1:]:
        query = query & SearchQuery(text, config=config, search_type="websearch")
    return query
