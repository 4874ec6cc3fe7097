"""Lists, page by page: numbers of pages, at most 100 rows in each."""

from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.rest.problems import Problem

SIZE, LARGEST_SIZE = 20, 100
LAST_PAGE = 1_000_000


def page_asked(request: Request) -> tuple[int, int]:
    """Number and size, checked."""
    return number_asked(request, "page", LAST_PAGE) or 1, number_asked(request, "page_size", LARGEST_SIZE) or SIZE


def number_asked(request: Request, name: str, largest: int) -> int | None:
    """The number that this parameter holds, checked; None without it."""
    given = request.query_params.get(name)
    if given is None:
        return None
    value = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if not 1 <= value <= largest:
        told = _("The parameter “%(name)s” is a number from 1 to %(largest)d.") % {"name": name, "largest": largest}
        raise Problem("invalid-query", told, parameter=name)
    return value


def as_page(page: Page[Any], asked: int, rows: list[Any], **more: Any) -> dict[str, Any]:
    """The rows and where they stand. Past the last page there is nothing: 404."""
    if asked != page.number:
        last = page.paginator.num_pages
        raise Problem("not-found", _("The last page of this list is number %(last)d.") % {"last": last})
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "page_size": page.paginator.per_page,
        **more,
        "results": rows,
    }


class PageSerializer(serializers.Serializer[Any]):
    """The shape of every list; each adds its `results`."""

    count = serializers.IntegerField(min_value=0)
    page = serializers.IntegerField(min_value=1)
    pages = serializers.IntegerField(min_value=1)
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_SIZE)
