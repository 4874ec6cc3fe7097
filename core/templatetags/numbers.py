"""Counts as people read them: 5 542 in French, 5,542 in English."""

from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()


class Counted(int):
    """A count that a sentence agrees with in number, and that is shown with its thousands apart."""

    def __str__(self) -> str:
        return number_format(int(self), force_grouping=True)


@register.filter
def counted(value: Any) -> Any:
    """{% blocktrans count counter=page.paginator.count|counted %}; what is no count stays."""
    return Counted(value) if isinstance(value, int) and not isinstance(value, bool) else value
