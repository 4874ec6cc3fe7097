"""What registers from elsewhere say, in the reader's words: labels of concepts, meanings of codes, partial dates."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.text import Localized, day_in_words, pick
from registry.standards.foreign import UNKNOWN

WORDS_FILE = Path(__file__).with_name("words.yaml")


@cache
def words() -> Mapping[str, Any]:
    """The file: each kind of concept, in the order of the page."""
    found: Mapping[str, Any] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return found


def label(kind: str, concept: str) -> str:
    """What a concept is called; its own name when nobody named it."""
    entry = words()[kind].get(concept)
    return pick({code: entry[code] for code in ("fr", "en")}).text if entry else concept


def in_order(kind: str, said: Mapping[str, Any]) -> list[str]:
    """The concepts of a record as the page shows them: those of the file first, then the others."""
    known = words()[kind]
    return [*(concept for concept in known if concept in said), *(each for each in said if each not in known)]


def meaning(kind: str, concept: str, code: str) -> Localized:
    """A code in the reader's words; what the source left blank is said to be unknown."""
    if code == UNKNOWN:
        return not_said()
    entry = words()[kind].get(concept, {}).get("values", {}).get(code)
    return Localized(pick(entry).text if entry else code, "")


def not_said() -> Localized:
    return Localized(_("Not said by the source"), "")


def shown_date(text: str) -> Localized:
    """«2024», «octobre 2024» or «1er octobre 2024»; what is no date stays."""
    try:
        year, month, day = [*(int(part) for part in text.split("-")), 1, 1][:3]
        whole = date(year, month, day)
    except (ValueError, OverflowError):
        return Localized(text, "")
    precision = text.count("-")
    if precision == 0:
        return Localized(text, "")
    return Localized(date_format(whole, "YEAR_MONTH_FORMAT") if precision == 1 else day_in_words(whole), "")
