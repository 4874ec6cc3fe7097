"""Dirty values of other registers → our codes, years and texts, each change said."""

import re
from collections.abc import Callable, Iterable, Mapping
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


class Vocabulary:
    """The values of one column: those its publisher announces, and other words for the same codes."""

    def __init__(
        self,
        official: Mapping[str, str],
        synonyms: Mapping[str, str],
        forms: Callable[[str], tuple[str, ...]] = lambda text: (text,),
    ) -> None:
        """`forms`: what to look for of a text, the first that is known decides."""
        self._forms = forms
        self.official = frozenset(official)
        self._official_words = frozenset(map(fold, official))
        self._codes = {fold(text): code for text, code in (*synonyms.items(), *official.items())}

    def find(self, text: str) -> str | None:
        """The code of a text, however spelled; None if nobody knows the word."""
        words = [fold(form) for form in self._forms(text)]
        code = next((self._codes[word] for word in words if word in self._codes), None)
        return code or (UNKNOWN if words[0] in _UNKNOWN_WORDS else None)

    def is_spelling(self, text: str) -> bool:
        """Is it an announced value in other capitals, spaces or accents?"""
        return fold(text) in self._official_words


def read_vocabularies(
    file: Path, forms: Callable[[str], tuple[str, ...]] = lambda text: (text,)
) -> dict[str, Vocabulary]:
    """Concept → vocabulary, from a data file: `official` words of each code, and what `also` says it."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        concept: Vocabulary(
            official={text: code for code, words in codes.items() for text in words.get("official", ())},
            synonyms={text: code for code, words in codes.items() for text in words.get("also", ())},
            forms=forms,
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
