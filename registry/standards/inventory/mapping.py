"""Which field a column holds, judged by its title and by what its cells look like. A person has the last word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from registry.field_catalogue import CATALOGUE
from registry.standards.inventory.recode import FieldProblem, recode
from registry.standards.inventory.vocabulary import (
    CHOICES,
    CODES,
    TITLES,
    UNIT_WORDS,
    WHOLE_ONLY,
    FieldTitles,
    Words,
    read_title,
)
from registry.standards.tabular import SUBTITLE_JOINT
from registry.standards.words import fold, is_blank

# Below it, a column is left for a person to name.
THRESHOLD: Final = 0.5
# Our own label stands before any other name for the column: «Mode d'acquisition» names one of our questions.
_OWN, _EXACT, _ENGLISH, _WEAK, _TWIN = 1.0, 0.99, 0.97, 0.45, 0.6
_SURE_OF_TITLE = 0.9
_SURE_OF_SUBTITLE = 0.95 * _ENGLISH
_SAMPLES = 60
_NUMBERING = re.compile(r"\s*\(?[A-Za-z]?\d+(?:[.\d]*)[.)\u2013:-]?\s+")
_PARENTHESES = re.compile(r"[(\[][^)\]]*[)\]]")
_AFTERTHOUGHT = re.compile(r"[?:\n*].*", re.DOTALL)
# Folded; a tick folds to nothing.
_MARKS: Final = frozenset({"x", ""})
# Fields whose values say what they are even under a title that says nothing.
_TELLING: Final = ("contact_email", "phase", "category", "autonomy")


@dataclass(frozen=True, slots=True)
class Guess:
    """The field a column probably holds (None: none of ours) and how sure that is, from 0 to 1."""

    field: str | None
    confidence: float


def guess_mapping(headers: Sequence[str], sample_rows: Sequence[Mapping[str, str]]) -> dict[str, Guess]:
    """One guess per header; a field is given to one column only, the one that fits best."""
    offers: list[tuple[float, int, str, str]] = []
    for position, header in enumerate(headers):
        cells = (row.get(header, "") for row in sample_rows)
        samples = [cell for cell in cells if not is_blank(cell)][:_SAMPLES]
        for field, score in _score(header, samples).items():
            if score >= THRESHOLD:
                offers.append((-score, position, header, field))
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    for negative, _, header, field in sorted(offers):
        if header not in guesses and field not in taken:
            taken.add(field)
            guesses[header] = Guess(field, round(min(1.0, -negative), 2))
    return {header: guesses.get(header, Guess(None, 0.0)) for header in headers}


def _score(header: str, samples: Sequence[str]) -> dict[str, float]:
    scores = _score_title(header)
    for field, title in list(scores.items()):
        looks = _looks_like(field, samples)
        if looks is not None:
            # A clear title outweighs strange values: the values will be shown as problems, the column not hidden.
            scores[field] = title + (0.2 * min(0.0, looks) if title >= _SURE_OF_TITLE else 0.3 * looks)
    if samples and _MARKS.issuperset(map(fold, samples)):
        # «X» under «Entreprises»: one column per answer. Only a question of yes or no is answered by a mark.
        return {field: score for field, score in scores.items() if field == "personal_information"}
    if not scores and len(samples) >= 3:
        for field in _TELLING:
            looks = _looks_like(field, samples) or 0.0
            if looks >= 0.6 and (field == "contact_email" or len(set(map(fold, samples))) > 1):
                scores[field] = 0.6 * looks
    return scores


def _score_title(header: str) -> dict[str, float]:
    """By the whole title; «Description du système – Nom» by its sub-title, when that names a field by itself."""
    if header.strip() in CODES:
        return {header.strip(): _OWN}
    under = _score_subtitle(header)
    sure = {field: score for field, score in under.items() if score >= _SURE_OF_SUBTITLE}
    return sure or _score_whole(header) or under


def _score_whole(header: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for words, language in _variants(header):
        for titles in TITLES:
            score, is_english = _fit(words, titles)
            if not score:
                continue
            french, english = titles.code, titles.twin
            if language == "en" and english:
                offers = {english: score}
            elif is_english and english and language is None:
                # An English title usually heads the only column there is; beside a French one, it is the translation.
                offers = {french: score, english: _TWIN * score}
            else:
                offers = {french: score * (0.95 if language == "en" else 1.0)}
            for field, offer in offers.items():
                scores[field] = max(scores.get(field, 0.0), offer)
    return scores


def _score_subtitle(header: str) -> dict[str, float]:
    """«Coordonnées – Courriel»: the sub-title names the field, unless the title above says it is another's."""
    above, joint, subtitle = header.rpartition(SUBTITLE_JOINT)
    if not joint:
        return {}
    words = set(fold(above).split())
    refused = {code for titles in TITLES if titles.never & words for code in (titles.code, titles.twin)}
    return {field: 0.95 * score for field, score in _score_whole(subtitle).items() if field not in refused}


def _variants(header: str) -> Iterator[tuple[Words, str | None]]:
    """The title as it stands, then without its number, parentheses and what follows a question mark or a colon."""
    bare = _NUMBERING.sub("", header, count=1)
    seen: set[Words] = set()
    said: str | None = None
    for text in (header, bare, _PARENTHESES.sub(" ", bare), _AFTERTHOUGHT.sub("", _PARENTHESES.sub(" ", bare))):
        words, language = read_title(text)
        # «Besoin (en anglais)»: what the parentheses said still holds without them.
        said = said or language
        if words and words not in seen:
            seen.add(words)
            yield words, said


def _fit(words: Words, titles: FieldTitles) -> tuple[float, bool]:
    """(how well the title names the field, was it by an English name)."""
    if words in titles.own:
        return _OWN, words in titles.english and words not in titles.french
    if words in titles.french:
        return _EXACT, False
    if words in titles.english:
        return _ENGLISH, True
    if titles.never.intersection(words) or titles.code in WHOLE_ONLY:
        return 0.0, False
    weak = _WEAK if words in titles.weak else 0.0
    held = max(
        (0.5 + 0.4 * len(phrase) / len(words), is_english)
        for phrases, is_english in ((titles.held, False), (_long(titles.french), False), (_long(titles.english), True))
        for phrase in (*(each for each in phrases if _holds(words, each)), ())
    )
    if held[0] > 0.5:
        return held
    typed = " ".join(words)
    alike = max((_likeness(typed, " ".join(title)) for title in titles.french | titles.english), default=0.0)
    return max(weak, 0.9 * alike), False


def _long(phrases: frozenset[Words]) -> list[Words]:
    return [phrase for phrase in phrases if len(phrase) > 1]


def _holds(words: Words, phrase: Words) -> bool:
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


def _likeness(typed: str, title: str) -> float:
    """A slip of the keyboard, not another word: long enough, and nearly the same length."""
    if len(typed) < 5 or abs(len(typed) - len(title)) > 2:
        return 0.0
    ratio = SequenceMatcher(None, typed, title).ratio()
    return ratio if ratio >= 0.86 else 0.0


def _looks_like(field: str, samples: Sequence[str]) -> float | None:
    """From -1 (cannot be this) to 1 (is this); None when there is nothing to look at."""
    if not samples:
        return None
    kind = CATALOGUE.field(field).kind
    if field in CHOICES or kind in ("email", "phone", "date", "integer", "url"):
        return 2 * _share_read(field, samples) - 1
    if any(_share_read(other, samples) >= 0.6 for other in ("contact_email", "contact_phone", "started_on")):
        return -1.0
    if _share_read("personal_information", samples) >= 0.6:
        return -1.0
    if field in ("unit_fr", "unit_en"):
        return 2 * sum(1 for text in samples if UNIT_WORDS.intersection(fold(text).split())) / len(samples) - 1
    different = len(set(map(fold, samples))) / len(samples)
    if field in ("name_fr", "name_en"):
        return 0.3 if different > 0.7 else -0.3
    return 0.3


def _share_read(field: str, samples: Sequence[str]) -> float:
    return sum(not isinstance(recode(field, text), FieldProblem) for text in samples) / len(samples)
