"""The log of corrections: what was changed or withdrawn after it was public, latest first, with its note."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q

from registry.models import Publication, PublicRecord
from registry.public.news import COLUMNS, news_in
from registry.workflow import NOT_SHOWN, PublicationKind

PAGE_SIZE = 50


def corrections(page: str | int = 1) -> Page[Any]:
    """Versions after the first, and stubs. Of a system that is no longer told, the last version alone. Two queries."""
    hidden = PublicRecord.objects.filter(reference=OuterRef("reference"), kind__in=NOT_SHOWN)
    told = ~Exists(hidden) | Exists(hidden.filter(publication=OuterRef("pk")))
    changed = Q(number__gt=1) | Q(kind=PublicationKind.WITHHELD)
    found = Publication.objects.filter(changed).filter(told).order_by("-published_at", "-pk").only(*COLUMNS)
    shown: Page[Any] = Paginator(found, PAGE_SIZE).get_page(page)
    shown.object_list = [news_in(version) for version in shown.object_list]
    return shown
