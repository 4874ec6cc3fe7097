"""Dates as they are written in Québec: «1er novembre 2026», and «1 November» nowhere."""

from datetime import date
from typing import Any

from django import template
from django.template import defaultfilters

from core.text import with_ordinal

register = template.Library()


@register.filter(name="date", expects_localtime=True, is_safe=False)
def written_date(value: date | str | None, form: str | None = None) -> Any:
    """Django's own filter, with the ordinal that French gives to the first day of a month alone."""
    return with_ordinal(defaultfilters.date(value, form))
