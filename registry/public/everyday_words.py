"""A citizen types an everyday word; the body wrote another, perhaps in the other language. Groups of words bridge."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from registry.standards.words import fold

WORDS_FILE = Path(__file__).with_name("everyday_words.yaml")
LONGEST_PHRASE = 3
# A passage in quotes (closed or not), else what stands between spaces; a minus belongs to what follows it.
_TERM = re.compile(r'-?"[^"]*"?|[^\s"]+')
_ELISION = re.compile(r"^(l|d|qu|s|n|j|m|c) (?=\w)")
_SHORTEST_PLURAL = 4

AnyQuery = SearchQuery | CombinedSearchQuery


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


def read_groups() -> tuple[tuple[str, ...], ...]:
    rows: list[Mapping[str, list[Any]]] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))["groups"]
    return tuple(tuple(str(word) for words in row.values() for word in words) for row in rows)


def _index(groups: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Normal form of each word → its whole group, as the database reads it: each in quotes, «or» between."""
    return {normal_form(word): " or ".join(f'"{each}"' for each in group) for group in groups for word in group}


GROUP_OF: Mapping[str, str] = _index(read_groups())


def wider_query(text: str, config: str) -> AnyQuery | None:
    """What was typed, where each everyday word stands for its group; nothing when no word has one.

    Quotes and minus mean what they meant: a passage in quotes and what is taken out are left as typed.
    """
    clauses = [_pieces(clause) for clause in _clauses(_TERM.findall(text))]
    if not any(is_group for clause in clauses for _text, is_group in clause):
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


def _pieces(terms: list[str]) -> list[tuple[str, bool]]:
    """(text for the database, whether it is a group); the longest expression of the file wins."""
    pieces: list[tuple[str, bool]] = []
    start = 0
    while start < len(terms):
        for length in range(min(LONGEST_PHRASE, len(terms) - start), 0, -1):
            group = _group_of(terms[start : start + length])
            if group:
                break
        pieces.append((group or terms[start], bool(group)))
        start += length
    return pieces


def _group_of(terms: list[str]) -> str:
    if any(term.startswith("-") or '"' in term for term in terms):
        return ""
    return GROUP_OF.get(normal_form(" ".join(terms)), "")


def _all_of(pieces: list[tuple[str, bool]], config: str) -> AnyQuery:
    """Neighbours without a group go together, as one text: the database reads its minus and quotes."""
    texts: list[str] = []
    was_group = True
    for text, is_group in pieces:
        if is_group or was_group:
            texts.append(text)
        else:
            texts[-1] += " " + text
        was_group = is_group
    query: AnyQuery = SearchQuery(texts[0], config=config, search_type="websearch")
    for text in texts[1:]:
        query = query & SearchQuery(text, config=config, search_type="websearch")
    return query
