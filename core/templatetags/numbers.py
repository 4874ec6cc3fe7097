"""Numbers as people read them: counts with their thousands apart, postal codes in one piece."""

import re
from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()

POSTAL_CODE = re.compile(r"\b([A-Za-z]\d[A-Za-z])[ ](\d[A-Za-z]\d)\b")


class Counted(int):
    """A count that a sentence agrees with in number, and that is shown with its thousands apart."""

    def __str__(self) -> str:
        return number_format(int(self), force_grouping=True)


@register.filter
def counted(value: Any) -> Any:
    """{% blocktrans count counter=page.paginator.count|counted %}; what is no count stays."""
    return Counted(value) if isinstance(value, int) and not isinstance(value, bool) else value


@register.filter
def postal(address: str) -> str:
    """An address whose postal code is never cut at the end of a line: «Z1A 0B2»."""
    return POSTAL_CODE.sub("\\1\N{NO-BREAK SPACE}\\2", address or "")
