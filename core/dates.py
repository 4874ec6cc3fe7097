"""Dates in words, as they are written in Québec: «1er novembre 2026», and «1 November» nowhere."""

import re
from datetime import date

from django.utils.formats import date_format

from core.text import reader_language

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
FIRST_DAY = re.compile(rf"(?<!\d)1 (?={MONTHS})")


def day_in_words(day: date) -> str:
    """In the reader's language."""
    return with_ordinal(date_format(day, "DATE_FORMAT"))


def with_ordinal(text: str) -> str:
    """A date already in words, with the ordinal that French gives to the first day of a month alone."""
    return FIRST_DAY.sub("1er ", text) if reader_language() == "fr" else text
