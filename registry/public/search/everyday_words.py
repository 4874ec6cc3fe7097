"""A citizen types an everyday word; the body wrote another, perhaps in the other language. Groups of words bridge."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from core.text import reader_language
from registry.public.search.plurals import both_numbers
from registry.standards.words import fold

WORDS_FILE = Path(__file__).with_name("everyday_words.yaml")
LONGEST_PHRASE = 4
# A passage in quotes (closed or not), else what stands between spaces; a minus belongs to what follows it.
_TERM = re.compile(r'-?"[^"]*"?|[^\s"]+')
# A minus that takes no word out, and rows of them: the database takes so many and no more.
_IDLE_MINUS = re.compile(r'-{2,}|-(?![\w"])')
_ELISION = re.compile(r"^(l|d|qu|s|n|j|m|c) (?=\w)")
_SHORTEST_PLURAL = 4
# So many digits are written by groups of three.
_LONG_NUMBER = range(5, 13)

AnyQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Piece:
    """A part of what was typed: as the database reads it, and the everyday words it stands for, if any."""

    typed: str
    group: str = ""

    @property
    def for_database(self) -> str:
        return self.group or self.typed

    @property
    def is_subject(self) -> bool:
        return _is_plain(self.typed) and normal_form(self.typed) in SUBJECT


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


def read_words() -> Mapping[str, Any]:
    """The file: `groups`, rows of `fr`, `en` and perhaps `typed`; `subject` and `every_row`, such a row each;
    `confused`, words; `common` and `kept`, words of each language.
    """
    words: Mapping[str, Any] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return words


def _index(rows: Iterable[Mapping[str, list[str]]], languages: Iterable[str]) -> dict[str, str]:
    """Normal form of each word → what it finds in texts of these languages, as the database reads it: each in quotes,
    «or» between. A word that a grammar takes for another is not found by those of its group.
    """
    found = {}
    for row in rows:
        own = [word for language in ("fr", "en") for word in row[language]]
        one_sense = [word for language in languages for word in row[language] if normal_form(word) not in CONFUSED]
        for word in own:
            found[normal_form(word)] = _any_of(one_sense)
        for word in row.get("typed", []):
            found[normal_form(word)] = _any_of(one_sense if normal_form(word) in CONFUSED else [word, *one_sense])
    return found


def _any_of(words: Iterable[str]) -> str:
    return " or ".join(f'"{each}"' for word in words for each in both_numbers(word))


_WORDS = read_words()
CONFUSED: frozenset[str] = frozenset(normal_form(word) for word in _WORDS["confused"])
_ROWS = [*_WORDS["groups"], _WORDS["subject"]]
# Our sheets are read under each grammar in both languages; a record from elsewhere, under that of its language.
GROUP_OF: Mapping[str, str] = _index(_ROWS, ("fr", "en"))
GROUP_IN: Mapping[str, Mapping[str, str]] = {language: _index(_ROWS, (language,)) for language in ("fr", "en")}
SUBJECT: frozenset[str] = frozenset(
    normal_form(word) for row in ("subject", "every_row") for words in _WORDS[row].values() for word in words
)
_COMMON: frozenset[str] = frozenset(fold(word) for words in _WORDS["common"].values() for word in words)
# Language of the reader → words too common in either language, but those that mean something in this one.
COMMON: Mapping[str, frozenset[str]] = {
    language: _COMMON - frozenset(map(fold, kept)) for language, kept in _WORDS["kept"].items()
}


@cache
def single_words() -> tuple[str, ...]:
    """Every word of the file that stands alone, as it is written there."""
    words = [word for row in _WORDS["groups"] for words in row.values() for word in words]
    return tuple(word for word in words if word.isalpha())


def as_typed(text: str) -> str:
    """What was typed, its expressions in quotes: «aide sociale» is not «aide» here and «sociale» there. Words that are
    too common are left out.
    """
    clauses = _clauses(text)
    is_expression = any(" " in piece.typed for clause in clauses for piece in clause)
    if not is_expression and not any(is_common(term) for term in _TERM.findall(text)):
        return text
    return _put_together(clauses)


def is_common(term: str) -> bool:
    """A word that says nothing by itself to this reader; what is in capitals may be the sigle of a body."""
    plain, common = fold(term), COMMON[reader_language()]
    if not _is_plain(term) or (term.isupper() and len(plain) > 1):
        return False
    return plain in common or all(word in common for word in plain.split())


def is_all_common(text: str) -> bool:
    """Words were typed, and each of them is too common to be searched."""
    return bool(fold(text)) and all(map(is_common, _TERM.findall(text)))


def without_subject(text: str) -> str:
    """What was typed, without the words that name what the whole register is about; nothing when it asks for it all."""
    clauses = _clauses(text)
    if not any(piece.is_subject for clause in clauses for piece in clause):
        return text
    rest = [[piece for piece in clause if not piece.is_subject] for clause in clauses]
    return _put_together(rest) if all(rest) else ""


def meaningful(text: str) -> list[str]:
    """The words and expressions that say something of what is looked for, none of those that name the subject."""
    return [piece.typed for clause in _clauses(text) for piece in clause if not piece.is_subject]


def alternatives(text: str) -> list[str]:
    """What stands between «or», each on its own; nothing when there is but one."""
    clauses = _clauses(text)
    return [_put_together([clause]) for clause in clauses] if len(clauses) > 1 else []


def _put_together(clauses: list[list[Piece]]) -> str:
    return " or ".join(" ".join(_quoted(piece) for piece in clause) for clause in clauses)


def _quoted(piece: Piece) -> str:
    return f'"{piece.typed}"' if piece.group and " " in piece.typed else piece.typed


def confused_words(text: str) -> list[str]:
    """Words of this search that the grammar of the page mistakes for another, and names: no grammar has those."""
    terms = _TERM.findall(text)
    if any(term.lower() == "or" for term in terms):
        return []
    return [term for term in terms if _is_confused(term)]


def _is_confused(term: str) -> bool:
    return _is_plain(term) and (is_name(term) or normal_form(term) in CONFUSED)


def is_name(word: str) -> bool:
    """«OpenAI», «DeepL»: a capital inside."""
    return word.isalpha() and not word.isupper() and word[1:] != word[1:].lower()


def wider_query(text: str, config: str, groups: Mapping[str, str] = GROUP_OF) -> AnyQuery | None:
    """What was typed, where each everyday word stands for its group; nothing when no word has one.

    Quotes and minus mean what they meant: a passage in quotes and what is taken out are left as typed.
    """
    clauses = _clauses(text, groups)
    if not any(piece.group for clause in clauses for piece in clause):
        return None
    wider: AnyQuery | None = None
    for clause in clauses:
        query = _all_of(clause, config)
        wider = query if wider is None else wider | query
    return wider


def _clauses(text: str, groups: Mapping[str, str] = GROUP_OF) -> list[list[Piece]]:
    """Pieces between two «or»: that operator binds less than the others."""
    clauses: list[list[str]] = [[]]
    for term in _TERM.findall(text):
        if term.lower() == "or":
            clauses.append([])
        else:
            clauses[-1].append(term)
    return [pieces for clause in clauses if (pieces := _pieces(clause, groups))]


def _pieces(terms: list[str], groups: Mapping[str, str]) -> list[Piece]:
    """The longest expression of the file wins; a word that is too common stands in expressions alone."""
    pieces: list[Piece] = []
    start = 0
    while start < len(terms):
        length, group = _expression(terms[start:], groups)
        if group or not is_common(terms[start]):
            pieces.append(Piece(" ".join(terms[start : start + length]), group))
        start += length
    return pieces


def _expression(terms: list[str], groups: Mapping[str, str]) -> tuple[int, str]:
    """How many of these terms, from the first, the file knows together, and what they stand for."""
    for length in range(min(LONGEST_PHRASE, len(terms)), 0, -1):
        said = terms[:length]
        if length == 1 and is_common(said[0]):
            return 1, ""
        if all(map(_is_plain, said)) and (group := groups.get(normal_form(" ".join(said)), "")):
            return length, group
    return 1, _in_both_numbers(terms[0])


def _in_both_numbers(term: str) -> str:
    """«l'animal» → either number; nothing for a word whose plural the database knows. «38000» → «38 000» too."""
    if term.isdecimal() and len(term) in _LONG_NUMBER:
        return f'"{term}" or "{int(term):,}"'.replace(",", " ")
    word = _ELISION.sub("", fold(term))
    forms = both_numbers(word) if _is_plain(term) and not _is_confused(term) else []
    return " or ".join(f'"{each}"' for each in dict.fromkeys([term, *forms])) if len(forms) > 1 else ""


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
    query: AnyQuery = websearch(texts[0], config)
    for text in texts[1:]:
        query = query & websearch(text, config)
    return query


def websearch(text: str, config: str) -> SearchQuery:
    """The question to the database: quotes, minus and «or» are obeyed, whatever else was typed."""
    return SearchQuery(_IDLE_MINUS.sub(" ", text), config=config, search_type="websearch")
