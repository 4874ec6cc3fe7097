"""Reading and comparing the texts of records: language, order, normal form."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

OTHER_LANGUAGE = {"fr": "en", "en": "fr"}
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
FIRST_DAY = re.compile(rf"(?<!\d)1 (?={MONTHS})")


@dataclass(frozen=True)
class Localized:
    """A text and the language it is written in, so that a page can mark a passage with `lang`."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def reader_language() -> str:
    """`fr` or `en`: the language of the page being made."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def day_in_words(day: date) -> str:
    """In the reader's language, as it is written in Québec: «1er novembre 2026», and «1 November» nowhere."""
    return with_ordinal(date_format(day, "DATE_FORMAT"))


def with_ordinal(text: str) -> str:
    """A date in words, with the ordinal that French gives to the first day of a month alone."""
    return FIRST_DAY.sub("1er ", text) if reader_language() == "fr" else text


def pick(texts: Mapping[str, str], language: str | None = None) -> Localized:
    """The reader's language, else the other of the two, else whatever language there is.

    A text in a third language only is `{"original": text, "lang": code}`.
    """
    wanted = language or reader_language()
    if texts.get("original") and not (texts.get("fr") or texts.get("en")):
        return Localized(texts["original"], texts.get("lang", ""))
    for candidate in (wanted, OTHER_LANGUAGE.get(wanted, "fr"), *sorted(texts)):
        if texts.get(candidate):
            return Localized(texts[candidate], candidate)
    return Localized("", wanted)


def localized(thing: Any, name: str, language: str | None = None) -> Localized:
    """`localized(organization, "name")` reads `name_fr` / `name_en`."""
    return pick({code: getattr(thing, f"{name}_{code}", "") for code in ("fr", "en")}, language)


def clean_line(value: str) -> str:
    """One line typed by a person or read from a file: no invisible character, single spaces, composed accents.

    No-break spaces stay: French needs them before «:» and inside quotation marks.
    """
    words = " ".join(value.splitlines()).replace("\t", " ").split(" ")
    return " ".join(filter(None, map(_visible, words))).strip()


def clean_text(value: str) -> str:
    """A text of several lines: invisible characters out, line ends as `\\n`, the person's own spacing kept."""
    return _visible("\n".join(value.splitlines()), but="\n\t").strip()


def cut_at_word(text: str, longest: int) -> str:
    """The beginning of a text, whole words only, with the mark of what is missing: `longest` characters in all."""
    if len(text) <= longest:
        return text
    start = text[:longest].rpartition(" ")[0] or text[: longest - 1]
    return start.rstrip(" \u00a0,;:–") + "…"


JOINERS = "\u200c\u200d"
JOINED = frozenset({"So", "Sk", "Mn", "Mc", "Lo"})


def _visible(text: str, but: str = "") -> str:
    """Without controls, which the database or a log would refuse, nor marks that hide, join or turn around what a
    reader sees (zero width, direction, private use). What joins signs into one, or writes Persian, stays between them.
    """
    kept = "".join(
        char
        for index, char in enumerate(text)
        if unicodedata.category(char)[0] != "C" or char in but or _is_new_sign(char) or _joins(text, index)
    )
    return unicodedata.normalize("NFC", kept)


def _is_new_sign(char: str) -> bool:
    """A pictograph younger than our tables of characters."""
    return 0x1F000 <= ord(char) < 0x1FFFE and unicodedata.category(char) == "Cn"


def _joins(text: str, index: int) -> bool:
    """A joiner, or what parts letters, between two signs or two letters without capitals: never in a Latin word, which
    it would make unlike itself.
    """
    if text[index] not in JOINERS or not 0 < index < len(text) - 1:
        return False
    around = (text[index - 1], text[index + 1])
    return all(unicodedata.category(char) in JOINED or _is_new_sign(char) for char in around)


# OWASP's list for CSV injection, with the full-width twins that East Asian versions of Excel take for the same.
STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def safe_cell(value: object) -> object:
    """A text that a spreadsheet will show and never run: what could start a formula is quoted."""
    if isinstance(value, str) and value.startswith(STARTS_FORMULA):
        return "'" + value
    return value


def form_value(value: Any) -> str:
    """A stored value as a form sends it: several codes with commas, a date as 2026-11-22."""
    if isinstance(value, (list, tuple)):
        return ",".join(str(code) for code in value)
    return value.isoformat() if hasattr(value, "isoformat") else str("" if value is None else value)


class AmbiguousNumber(ValueError):
    """Thousands for one reader, decimals for another: «1,250»."""

    def __init__(self, whole: Decimal, decimal: Decimal) -> None:
        super().__init__(f"{whole} or {decimal}")
        self.whole, self.decimal = whole, decimal


# Thousands apart by a space, whichever, or by a sign; then decimals after the other sign.
NUMBER = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d*)(?:([.,])(\d*))?", re.ASCII)


def read_number(text: str, *, is_whole: bool = False) -> Decimal:
    """A number as people write it in French or in English: «1 250,5», «1,250.5», «1250.5». A whole number is taken for
    no other. Raises `ValueError` for what is no number, `AmbiguousNumber` for what two readers read as two.
    """
    plain = " ".join(text.replace("\u2212", "-").split())
    found = NUMBER.fullmatch(plain)
    if found is None or not any(map(str.isdigit, plain)):
        raise ValueError(text)
    sign, grouped, point, decimals = (part or "" for part in found.groups())
    apart = next((one for one in " ,." if one in grouped), "")
    if point and point == apart:
        raise ValueError(text)
    number = Decimal(f"{sign}{grouped.replace(apart, '') or 0}.{decimals or 0}")
    if is_whole or point or apart not in {",", "."} or grouped.count(apart) > 1:
        return number
    with_decimals = Decimal(sign + grouped.replace(apart, "."))
    if grouped.startswith("0"):
        return with_decimals
    raise AmbiguousNumber(number.to_integral_value(), with_decimals)
