"""One answer typed by a person → a value of ours, or the reason why a person must choose. Nothing is guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as value_of
from functools import lru_cache

from registry.field_catalogue import CATALOGUE
from registry.standards.inventory.dates import read_date
from registry.standards.inventory.figures import read_number
from registry.standards.inventory.vocabulary import (
    ALONE,
    CHOICES,
    DURATIONS,
    EXCLUSIVE,
    HARMLESS,
    MOMENTS,
    NEGATIONS,
    OFFICIAL,
    PERSONAL_DATA,
    SINCE,
    UNKNOWN,
    WHOLE_ONLY,
    Words,
)
from registry.standards.values import is_web_address
from registry.standards.words import fold, is_blank, one_line, tidy

Value = str | int | list[str]

_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"'|]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_PHONE = re.compile(r"[+()\d\s.\u2010-\u2015/-]{7,}(?:(?:poste|ext\.?|#|x)\s*\d{1,6})?", re.IGNORECASE)
_TICKS = frozenset("✓✔☑✅")
_YES, _NO = ("oui",), ("non",)
_QUESTION_MARKS = frozenset("? ")
_BETWEEN_ANSWERS = re.compile(r"[;,/|\n•·]+|\bet\b|\band\b|&|\+", re.IGNORECASE)
# «Oui, nom et adresse»: the answer, then what it is about.
_YES_OR_NO_FIRST = re.compile(r"\s*(oui|non|yes|no)\s*[,;:.(\u2013\u2014-]", re.IGNORECASE)
_BETWEEN_LABELS = re.compile(r"[;,|\n]+")
_MOST_WORDS = 30
_LONGEST_SHOWN = 500
# Every answer of the longest list, and the commas in one label.
_LONGEST_LIST = 3_000
_LONGEST_LABEL = 4


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why a field was left empty: a stable code, and the text as typed, to be corrected on the page."""

    field: str
    code: str
    value: str = ""
    params: Mapping[str, str | int] = value_of(default_factory=dict)


def recode(code: str, text: str) -> Value | FieldProblem | None:
    """The value of a field; None when the cell says nothing. KeyError on a field that does not exist."""
    asked = CATALOGUE.field(code)
    if not text.strip():
        return None
    if not text.rstrip().endswith("?") and (official := OFFICIAL[code].get(fold(text))):
        # Our own words first: «Sans objet» is one of the answers of a question.
        return [official] if asked.kind == "choices" else official
    if _is_unknown(text):
        # «Je ne sais pas» is an answer to some questions; to the others, a person must find out.
        can_be_unsure = any(choice.code == "unsure" for choice in asked.choices)
        return "unsure" if can_be_unsure else _problem(code, "answer_needed", text)
    if is_blank(text) and not _TICKS & set(text):
        return None
    match asked.kind:
        case "choice":
            return _read_choice(code, text)
        case "choices":
            return _read_choices(code, text)
        case "email":
            return _read_email(code, text)
        case "phone":
            return _read_phone(code, text, asked.max_length or 30)
        case "date":
            found, reason = read_date(one_line(text))
            return found or _problem(code, reason, text)
        case "integer":
            number, reason = read_number(one_line(text))
            return _problem(code, reason, text) if number is None else number
        case "url":
            return _read_address(code, text, asked.max_length)
        case _:
            return _read_text(code, text, asked.kind, asked.max_length)


def _is_unknown(text: str) -> bool:
    if len(text) > 60:
        return False
    return fold(text) in UNKNOWN or ("?" in text and _QUESTION_MARKS.issuperset(text))


def _problem(code: str, reason: str, text: str, **params: str | int) -> FieldProblem:
    return FieldProblem(code, reason, tidy(text)[:_LONGEST_SHOWN], params)


def _read_text(code: str, text: str, kind: str, max_length: int | None) -> Value | FieldProblem:
    clean = tidy(text) if kind == "long_text" else one_line(text)
    if max_length and len(clean) > max_length:
        # Kept whole: it is the person's own text, to be shortened by them.
        return FieldProblem(code, "too_long", clean, {"limit": max_length, "length": len(clean)})
    return clean


def _read_email(code: str, text: str) -> Value | FieldProblem:
    if len(text) > _LONGEST_SHOWN:
        return _problem(code, "not_an_email", text)
    found = {
        address.rstrip(".").lower(): address.rstrip(".") for address in _EMAIL.findall(text.replace("mailto:", " "))
    }
    if len(found) != 1:
        return _problem(code, "several_emails" if found else "not_an_email", text)
    name, _, domain = found.popitem()[1].rpartition("@")
    address = f"{name}@{domain.lower()}"
    limit = CATALOGUE.field(code).max_length
    return address if not limit or len(address) <= limit else _problem(code, "not_an_email", text)


def _read_phone(code: str, text: str, max_length: int) -> Value | FieldProblem:
    phone = one_line(text)
    digits = sum(map(str.isdecimal, phone))
    is_phone = len(phone) <= max_length and digits >= 7 and _PHONE.fullmatch(phone)
    return phone if is_phone else _problem(code, "not_a_phone", text)


def _read_address(code: str, text: str, max_length: int | None) -> Value | FieldProblem:
    address = one_line(text)
    fits = len(address) <= (max_length or _LONGEST_SHOWN)
    return address if fits and is_web_address(address) else _problem(code, "not_an_address", text)


def _read_choice(code: str, text: str) -> Value | FieldProblem:
    codes = find_codes(code, text)
    if len(codes) == 1:
        return codes.pop()
    return _problem(code, "several_values" if codes else "unknown_value", text)


def _read_choices(code: str, text: str) -> Value | FieldProblem:
    whole = find_codes(code, text, exactly=True)
    if len(whole) == 1:
        return [whole.pop()]
    if len(text) > _LONGEST_LIST:
        return _problem(code, "unknown_value", text)
    if official := _official_list(code, text):
        return _checked(code, official, text)
    found: list[str] = []
    if len(text) > _LONGEST_SHOWN:
        return _problem(code, "unknown_value", text)
    for part in _BETWEEN_ANSWERS.split(text):
        if not fold(part):
            continue
        codes = find_codes(code, part)
        if len(codes) != 1:
            return _problem(code, "unknown_value", text, part=one_line(part)[:80])
        found += [each for each in codes if each not in found]
    return _checked(code, found, text)


def _official_list(code: str, text: str) -> list[str]:
    """Our own labels one after the other, as our files write them: a label may hold a comma or an «et» itself."""
    parts = [part for part in _BETWEEN_LABELS.split(text) if fold(part)]
    found: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(min(len(parts), start + _LONGEST_LABEL), start, -1):
            if label := OFFICIAL[code].get(fold(" ".join(parts[start:end]))):
                found += [label] if label not in found else []
                start = end
                break
        else:
            return []
    return found


def _checked(code: str, found: list[str], text: str) -> Value | FieldProblem:
    if not found:
        return _problem(code, "unknown_value", text)
    alone = EXCLUSIVE[code] & set(found)
    return _problem(code, "exclusive_value", text) if alone and len(found) > 1 else found


def find_codes(code: str, text: str, *, exactly: bool = False) -> set[str]:
    """The choices a text names: as its whole, else inside a short sentence that denies or postpones nothing."""
    if "?" in text or len(text) > _LONGEST_SHOWN:
        # A question answers nothing, and nobody writes an answer of a list in a page.
        return set()
    return set(_found_codes(code, text, exactly))


@lru_cache(maxsize=8192)
def _found_codes(code: str, text: str, exactly: bool) -> frozenset[str]:
    """An inventory says the same few words on each of its rows: twenty thousand of them are read in a moment."""
    phrases = CHOICES[code]
    is_yes_or_no = _YES in phrases and _NO in phrases
    if is_yes_or_no and text.strip() and _TICKS.issuperset(text.replace(" ", "")):
        return frozenset({"yes"})
    words = tuple(fold(text).split())
    if words in phrases:
        return frozenset({phrases[words]} - {""})
    if is_yes_or_no and (first := _YES_OR_NO_FIRST.match(text)):
        return frozenset(_yes_or_no(phrases, first.group(1), text[first.end() :]))
    if exactly or code in WHOLE_ONLY or len(words) > _MOST_WORDS:
        return frozenset()
    return frozenset(_find_inside(code, words, phrases))


def _yes_or_no(phrases: Mapping[Words, str], said: str, rest: str) -> set[str]:
    """«Non, sauf le nom» is no «no»: what follows must say the same again, or name what a «yes» is about."""
    answer = phrases[(fold(said),)]
    words = tuple(fold(rest).split())
    is_about = answer == "yes" and (PERSONAL_DATA | HARMLESS["personal_information"]).issuperset(words)
    return {answer} if not words or phrases.get(words) == answer or is_about else set()


def _find_inside(code: str, words: Words, phrases: Mapping[Words, str]) -> set[str]:
    """Longest phrases first; a word is used once, so «apprentissage automatique» leaves no «apprentissage».

    One word around them that is not known to be harmless, and nobody can tell whether the answer still holds.
    """
    free = list(words)
    codes: set[str] = set()
    for phrase in sorted(phrases, key=len, reverse=True):
        size = len(phrase)
        # A letter, a yes or a no, or a word with other uses answers only when it stands alone.
        if len("".join(phrase)) < 3 or phrase in ALONE or phrases[phrase] in ("yes", "no", "unsure"):
            continue
        for start in range(len(free) - size + 1):
            if tuple(free[start : start + size]) == phrase:
                free[start : start + size] = [""] * size
                codes.add(phrases[phrase])
    codes.discard("")
    if NEGATIONS.intersection(free):
        return set()
    # Several answers are for the person to choose from, whatever stands around them.
    return codes if len(codes) > 1 or HARMLESS[code].issuperset(_without_times(free)) else set()


def _without_times(words: Sequence[str]) -> Iterator[str]:
    """The words that are left when «depuis mars 2023» and «3 mois» are taken out; a year alone may be one to come."""
    is_since = False
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        is_since = word in SINCE or (is_since and (word.isdecimal() or word in MOMENTS | DURATIONS))
        is_count = word.isdecimal() and following in DURATIONS
        is_unit = word in DURATIONS and position > 0 and words[position - 1].isdecimal()
        if word and not (is_since or is_count or is_unit):
            yield word
