"""Dates as they are written in Québec: «1er novembre 2026», and «1 November» nowhere."""

import re
from datetime import date
from typing import Any

from django import template
from django.template import defaultfilters

from core.text import reader_language

register = template.Library()

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
FIRST_DAY = re.compile(rf"(?<!\d)1 (?={MONTHS})")


@register.filter(name="date", expects_localtime=True, is_safe=False)
def written_date(value: date | str | None, form: str | None = None) -> Any:
    """Django's own filter, with the ordinal that French gives to the first day of a month alone."""
    text = defaultfilters.date(value, form)
    return FIRST_DAY.sub("1er ", text) if reader_language() == "fr" else text
