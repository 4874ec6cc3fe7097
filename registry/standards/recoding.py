"""Dirty values of other registers → our codes, years and texts, each change said."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from registry.standards.foreign import UNKNOWN, Recoding
from registry.standards.words import fold, is_blank, one_line, tidy

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)")
# «2024-25», «2024-2025», «2024/25»: a fiscal year is two years, and which one was meant is not said.
_FISCAL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-–/]\s*(?:\d\d|(?:19|20)\d\d)(?![\d/-])")
_UNKNOWN_WORDS = frozenset(
    {"unknown", "inconnu", "inconnue", "onbekend", "tbd", "tba", "to be determined", "a determiner"}
)
_LONGEST_SHOWN = 120


@dataclass(frozen=True)
class Spoken:
    """How a register writes its answers. `whole`: what to look for of a text, the first that is known decides;
    `start`: the answer of a text that goes on after it.
    """

    whole: Callable[[str], tuple[str, ...]] = lambda text: (text,)
    start: Callable[[str], str] = lambda text: text


class Vocabulary:
    """The values of one column: those its publisher announces, and other words for the same codes."""

    def __init__(
        self,
        official: Mapping[str, str],
        synonyms: Mapping[str, str],
        fuller: Mapping[str, str] | None = None,
        spoken: Spoken | None = None,
    ) -> None:
        """`fuller`: words of a code that say more than it does."""
        self._spoken = spoken or Spoken()
        self.official = frozenset(official)
        self._official_words = frozenset(map(fold, official))
        self._said = {fold(text): code for text, code in (*synonyms.items(), *official.items())}
        self._codes = {fold(text): code for text, code in (fuller or {}).items()} | self._said

    def find(self, text: str) -> str | None:
        """The code of a text, however spelled; None if nobody knows the word."""
        whole = self._spoken.whole(text)
        words = [fold(form) for form in (*whole, self._spoken.start(whole[-1]))]
        code = next((self._codes[word] for word in words if word in self._codes), None)
        return code or (UNKNOWN if words[0] in _UNKNOWN_WORDS else None)

    def says_all(self, text: str) -> bool:
        """Does its code say all that a text does? Not of a word that nobody knows, nor of an answer that goes on."""
        words = [fold(form) for form in self._spoken.whole(text)]
        return words[0] in _UNKNOWN_WORDS or any(word in self._said for word in words)

    def is_spelling(self, text: str) -> bool:
        """Is it an announced value in other capitals, spaces or accents?"""
        return fold(text) in self._official_words


def read_vocabularies(file: Path, spoken: Spoken | None = None) -> dict[str, Vocabulary]:
    """Concept → vocabulary, from a data file: `official` words of each code, what `also` says it, and what says
    `more` than it.
    """
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        concept: Vocabulary(
            official={text: code for code, words in codes.items() for text in words.get("official", ())},
            synonyms={text: code for code, words in codes.items() for text in words.get("also", ())},
            fuller={text: code for code, words in codes.items() for text in words.get("more", ())},
            spoken=spoken,
        )
        for concept, codes in data.items()
    }


def read_code(field: str, texts: Iterable[str], vocabulary: Vocabulary) -> tuple[str, Recoding | None]:
    """The code that the texts of one concept (its French and English cells) say together, and at most one recoding."""
    raw = list(texts)
    # «Not applicable» is an answer where its publisher announces it.
    said = [text for text in raw if not is_blank(text) or vocabulary.find(text)]
    if not said:
        return UNKNOWN, Recoding(field, "blank", next((one_line(text) for text in raw if text.strip()), ""), UNKNOWN)
    found = [(text, vocabulary.find(text)) for text in said]
    codes = {code for _, code in found if code is not None}
    strangers = [text for text, code in found if code is None]
    if len(codes) > 1:
        return UNKNOWN, Recoding(field, "contradiction", shown(" / ".join(one_line(text) for text in said)), UNKNOWN)
    code = codes.pop() if codes else UNKNOWN
    if strangers:
        return code, Recoding(field, "unrecognized", shown(strangers[0]), code)
    odd = next((text for text in said if text not in vocabulary.official), None)
    if odd is not None:
        return code, Recoding(field, "spelling" if vocabulary.is_spelling(odd) else "synonym", shown(odd), code)
    if len(said) < len(raw):
        return code, Recoding(field, "completed", "", code)
    return code, None


def own_words(texts: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Of each cell, what it says that no code of ours does: words that nobody knows, an answer that goes on, an answer
    that another cell contradicts.
    """
    said = ["" if is_blank(text) else tidy(text) for text in texts]
    is_contradicted = len({vocabulary.find(text) for text in said if text} - {None}) > 1
    return tuple(text if text and (is_contradicted or not vocabulary.says_all(text)) else "" for text in said)


def read_year(field: str, text: str) -> tuple[int | None, Recoding | None]:
    """The one year a text names; none when it names none, or two."""
    if re.fullmatch(_YEAR, text):
        return int(text), None
    if is_blank(text):
        return None, Recoding(field, "blank", one_line(text), UNKNOWN)
    years = set() if _FISCAL_YEAR.search(text) else set(_YEAR.findall(text))
    if len(years) != 1:
        return None, Recoding(field, "unrecognized", shown(text), UNKNOWN)
    year = years.pop()
    return int(year), Recoding(field, "spelling" if text.strip() == year else "synonym", shown(text), year)


def read_paragraph(field: str, text: str) -> tuple[str, Recoding | None]:
    """A text without the blanks around it; «N/A» and its like are nothing."""
    return _read_text(field, text, tidy(text))


def read_line(field: str, text: str) -> tuple[str, Recoding | None]:
    """The same on one line, for names."""
    return _read_text(field, text, one_line(text))


def _read_text(field: str, text: str, clean: str) -> tuple[str, Recoding | None]:
    if clean and is_blank(clean):
        return "", Recoding(field, "blank", shown(clean), "")
    return clean, (Recoding(field, "spaces", "", "") if clean != text else None)


def shown(text: str) -> str:
    """As it stood, so that a person can find it in the file, but never a page of it."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
