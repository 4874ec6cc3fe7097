"""Lists of the public site: results, latest changes, figures. Everything comes from publications."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DurationField, F, QuerySet, Value
from django.db.models.functions import Concat

from core.text import Localized, pick
from organizations.models import PublicBody
from registry.models import PublicRecord
from registry.models.search import EVERYTHING
from registry.public.codes import Coded, coded
from registry.public.names import Withheld, name_in, withheld_in
from registry.public.search.excerpts import excerpt_for
from registry.public.search.facets import RegisterCounts
from registry.public.search.matching import matching as matching
from registry.public.search.matching import named_so, relevance_of
from registry.public.search.query import (
    LISTED,
    RANKED,
    Counted,
    SystemSearch,
    count_at_most,
    found_records,
    shown_records,
)
from registry.workflow import Autonomy, PublicationKind, YesNoUnsure

PAGE_SIZE = 20
CARD_COLUMNS = ("reference", "body_slug", "phase", "autonomy", "kind", "updated_at", "publication__document")


@dataclass(frozen=True)
class SystemCard:
    """One system in a list."""

    reference: str
    name: Localized
    summary: Localized
    excerpt: Localized
    body_name: Localized
    body_slug: str
    phase: Coded
    autonomy: Coded | None
    kind: PublicationKind
    withheld: Withheld | None
    is_demonstration: bool
    updated_at: datetime

    @property
    def is_sheet(self) -> bool:
        return self.kind == PublicationKind.SHEET

    @property
    def is_withdrawn(self) -> bool:
        return self.kind == PublicationKind.WITHDRAWN


@dataclass(frozen=True)
class Figures:
    """How many systems and bodies the register shows; each figure has its list.

    `personal_known`, `autonomy_known`: of how many systems the answer is known. What is unknown is never a zero.
    """

    systems: int
    sheets: int
    lines: int
    withheld: int
    bodies: int
    personal: int
    personal_known: int
    unattended: int
    autonomy_known: int


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known: `listed` rows at most, whatever there are."""

    def __init__(self, rows: QuerySet[Any], size: int, *, listed: int) -> None:
        super().__init__(rows, size)
        self.__dict__["count"] = listed  # where Django keeps the number once it was asked for


def find_systems(
    search: SystemSearch, *, page: str | int = 1, size: int = PAGE_SIZE, total: Counted | None = None
) -> Page[SystemCard]:
    """One page of results. Two queries, one when the `total` is known, whatever the number of systems."""
    found = found_records(search)
    total = total or count_at_most(found)
    rows = _ordered(found, search, total).select_related("publication").only(*CARD_COLUMNS)
    listed = min(total.count, listed_at_most(search))
    found_page = BoundedPaginator(rows, size, listed=listed).get_page(page)
    return as_cards(found_page, search.words, everywhere=search.everywhere)


def listed_at_most(search: SystemSearch) -> int:
    return RANKED if search.effective_order == "relevance" else LISTED


def find_by_number(references: Collection[str]) -> SystemCard | None:
    """The system of one of these numbers, also when its sheet was withdrawn: its page tells so."""
    records = PublicRecord.objects.select_related("publication").only(*CARD_COLUMNS)
    record = records.filter(reference__in=references).order_by("pk").first()
    return card_of(record) if record else None


def latest_systems(count: int) -> list[SystemCard]:
    return list(find_systems(SystemSearch(order="recent"), size=count))


def systems_of_body(slugs: tuple[str, ...], *, page: str | int = 1) -> Page[SystemCard]:
    """What a body published, under its sigle of today or an older one."""
    return find_systems(SystemSearch(filters={"body": slugs}, order="name"), page=page)


def count_by_body(counts: RegisterCounts) -> dict[str, int]:
    """Slug of a body → systems shown. Stored: nothing is counted."""
    return dict(counts.get("body", {}))


def is_demonstration_site() -> bool:
    """Whether fictional bodies are in this database: every page then says so."""
    return PublicBody.objects.filter(document__is_demonstration=True).exists()


def is_all_demonstration() -> bool:
    """Whether no body of this database is real."""
    return is_demonstration_site() and not PublicBody.objects.exclude(document__is_demonstration=True).exists()


def register_figures(counts: RegisterCounts) -> Figures:
    """What the stored numbers say: nothing is counted."""
    kind, personal, autonomy = (counts.get(name, {}) for name in ("kind", "personal", "autonomy"))
    return Figures(
        systems=counts.get(EVERYTHING, {}).get("", 0),
        sheets=kind.get(PublicationKind.SHEET, 0),
        lines=kind.get(PublicationKind.LINE, 0),
        withheld=kind.get(PublicationKind.WITHHELD, 0),
        bodies=len(counts.get("body", {})),
        personal=personal.get(YesNoUnsure.YES, 0),
        personal_known=sum(personal.get(answer, 0) for answer in (YesNoUnsure.YES, YesNoUnsure.NO)),
        unattended=sum(autonomy.get(degree, 0) for degree in (Autonomy.SUPERVISED, Autonomy.ALONE)),
        autonomy_known=sum(autonomy.get(degree, 0) for degree in Autonomy),
    )


def _ordered(found: QuerySet[Any], search: SystemSearch, total: Counted) -> QuerySet[Any]:
    order = search.effective_order
    latest, names = _orders(is_few=bool(search.words) and not total.is_more)
    if order == "relevance":
        return _by_relevance(found, search, total, latest)
    return found.order_by(*(latest if order == "recent" else names))


def _orders(*, is_few: bool) -> tuple[list[Any], list[Any]]:
    """By date and by name. The rows of rare words are read by their words, then sorted: told so by an order that no
    index has, the database does not go through every sheet in its order to find them.
    """
    if is_few:
        date: Any = F("updated_at") + Value(timedelta(0), DurationField())
        return [date.desc(), "pk"], [Concat("sort_key", Value("")), "pk"]
    return ["-updated_at", "pk"], ["sort_key", "pk"]


def _by_relevance(found: QuerySet[Any], search: SystemSearch, total: Counted, latest: list[Any]) -> QuerySet[Any]:
    """Of very many, the latest are compared, and those whose name has the words: comparing reads a whole sheet."""
    if total.is_more or total.count > RANKED:
        by_date, _by_name = _orders(is_few=True)
        recent = found.order_by(*latest).values("pk")[:RANKED]
        named = named_so(found, search.words).order_by(*by_date).values("pk")[:RANKED]
        found = shown_records().filter(pk__in=recent.union(named))
    relevance = relevance_of(search.words, search.vectors)
    ranked: QuerySet[Any] = found.annotate(relevance=relevance).order_by("-relevance", "sort_key", "pk")
    return ranked


def as_cards(page: Page[Any], text: str = "", *, everywhere: bool = False) -> Page[SystemCard]:
    page.object_list = [card_of(record, text, everywhere=everywhere) for record in page.object_list]
    return page


def card_of(record: PublicRecord, text: str = "", *, everywhere: bool = False) -> SystemCard:
    document = record.publication.document
    system, body = document["system"], document["body"]
    return SystemCard(
        reference=record.reference,
        name=name_in(document),
        summary=pick(system.get("summary", {})),
        excerpt=excerpt_for(text, document, everywhere=everywhere) if text else pick({}),
        body_name=pick(body["name"]),
        body_slug=record.body_slug,
        phase=coded("phase", record.phase),
        autonomy=coded("autonomy", record.autonomy) if record.autonomy else None,
        kind=PublicationKind(record.kind),
        withheld=withheld_in(document),
        is_demonstration=document["is_demonstration"],
        updated_at=record.updated_at,
    )
