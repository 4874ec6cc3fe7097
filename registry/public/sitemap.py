"""Which sheets search engines are shown, in pages of one size: from publications only.

A page is a range of numbers of records: the last one costs what the first costs, and a sheet never changes page. The
trace of a withdrawn sheet and the stub of a withheld system are in, as their addresses answer with a page: its new date
makes search engines read it again and forget what they had kept of the sheet.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, QuerySet

from registry.models import PublicRecord

# Two addresses each, with their alternates: well under the megabyte above which a page is not kept.
SYSTEMS_A_PAGE = 500


@dataclass(frozen=True)
class MapPage:
    """`changed_at`: the last publication among its systems."""

    number: int
    changed_at: datetime


def map_pages() -> list[MapPage]:
    """Those that have a system. One query."""
    rows = _found().annotate(place=(F("pk") - 1) / SYSTEMS_A_PAGE).values("place")
    dated = rows.annotate(changed_at=Max("updated_at")).order_by("place").values_list("place", "changed_at")
    return [MapPage(place + 1, changed_at) for place, changed_at in dated]


def page_of_number(pk: int) -> int:
    """Where the record of this number stands."""
    return (pk - 1) // SYSTEMS_A_PAGE + 1


def systems_on_page(number: int) -> list[tuple[str, datetime]]:
    """(reference, last publication) of each. One query, by the numbers of the records."""
    last = number * SYSTEMS_A_PAGE
    rows = _found().filter(pk__gt=last - SYSTEMS_A_PAGE, pk__lte=last).order_by("pk")
    return list(rows.values_list("reference", "updated_at"))


def last_publication_by_body() -> dict[str, datetime]:
    """Slug under which systems are published → the latest of them. One query."""
    rows = _found().order_by().values("body_slug").annotate(changed_at=Max("updated_at"))
    return dict(rows.values_list("body_slug", "changed_at"))


def _found() -> QuerySet[PublicRecord]:
    return PublicRecord.objects.all()
