"""Lists of the public site: search, filters, latest changes, figures. Everything comes from publications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy

from core.text import Localized, pick, reader_language
from organizations.models import PublicBody
from registry.models import PublicRecord
from registry.public.codes import Coded, coded
from registry.public.everyday_words import as_typed, confused_words, wider_query
from registry.public.excerpts import excerpt_for
from registry.public.names import Withheld, name_in, withheld_in
from registry.workflow import Autonomy, PublicationKind, YesNoUnsure

PAGE_SIZE = 20
ORDERS = ("relevance", "name", "recent")
# Name of the filter in an address → column of the public record.
FILTERS: Mapping[str, str] = {
    "body": "body_slug",
    "phase": "phase",
    "category": "category",
    "autonomy": "autonomy",
    "personal": "personal_information",
    "kind": "kind",
}
CARD_COLUMNS = ("reference", "body_slug", "phase", "autonomy", "kind", "updated_at", "publication__document")
# What a system shows the public; those that were withdrawn are in no list.
KINDS = {
    PublicationKind.SHEET: gettext_lazy("Full sheet"),
    PublicationKind.LINE: gettext_lazy("Declared, sheet to come"),
    PublicationKind.WITHHELD: gettext_lazy("Not disclosed"),
}


@dataclass(frozen=True)
class SystemSearch:
    """What a visitor looks for. Values are untrusted; unknown ones find nothing."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = ""

    @property
    def effective_order(self) -> str:
        """Relevance needs words to compare with; without words the latest come first."""
        if self.order in ORDERS and (self.text or self.order != "relevance"):
            return self.order
        return "relevance" if self.text else "recent"


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
    is_sheet: bool
    is_withdrawn: bool
    withheld: Withheld | None
    is_demonstration: bool
    updated_at: datetime


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


def shown_records() -> QuerySet[PublicRecord]:
    """Systems that lists may show: not those that were withdrawn."""
    return PublicRecord.objects.exclude(kind=PublicationKind.WITHDRAWN)


def find_systems(search: SystemSearch, *, page: str | int = 1, size: int = PAGE_SIZE) -> Page[SystemCard]:
    """One page of results. Two queries, whatever the number of systems."""
    found: QuerySet[Any] = shown_records()
    for name, values in search.filters.items():
        if values:
            found = found.filter(**{f"{FILTERS[name]}__in": values})
    if search.text:
        found = matching(found, search.text)
    found = _ordered(found, search)
    records = found.select_related("publication").only(*CARD_COLUMNS)
    return as_cards(Paginator(records, size).get_page(page), search.text)


def matching(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows whose words match in the language of the page; accents and plurals are forgiven, quotes and minus obeyed.

    An everyday word also finds those of its group, in either language; what holds the words as typed comes first, above
    all when it holds others of the group too: of the two senses of a word, it has the one that is meant.
    """
    language = reader_language()
    config, column = f"vigie_{language}", f"search_{language}"
    typed = SearchQuery(as_typed(text), config=config, search_type="websearch")
    wider = wider_query(text, config)
    relevance: Any = SearchRank(F(column), typed)
    matched = Q(**{column: typed}) & _not_confused(text, language)
    if wider is not None:
        # A rank is below 1.
        near = SearchRank(F(column), wider)
        relevance = Case(When(matched, then=relevance + near + Value(1.0)), default=near)
        matched |= Q(**{column: wider})
    rows: QuerySet[Any] = found.filter(matched).annotate(relevance=relevance)
    return rows


def _not_confused(text: str, language: str) -> Q:
    """A word that one grammar takes for another must be there under the other grammar too."""
    other = "en" if language == "fr" else "fr"
    wanted = Q()
    for word in confused_words(text):
        query = SearchQuery(word, config=f"vigie_{other}", search_type="plain")
        wanted &= Q(**{f"search_{other}": query})
    return wanted


def find_by_number(reference: str) -> SystemCard | None:
    """The system of this number, also when its sheet was withdrawn: its page tells so."""
    records = PublicRecord.objects.select_related("publication").only(*CARD_COLUMNS)
    record = records.filter(reference=reference).first()
    return _card(record) if record else None


def latest_systems(count: int) -> list[SystemCard]:
    return list(find_systems(SystemSearch(order="recent"), size=count))


def systems_of_body(slugs: tuple[str, ...], *, page: str | int = 1) -> Page[SystemCard]:
    """What a body published, under its sigle of today or an older one."""
    return find_systems(SystemSearch(filters={"body": slugs}, order="name"), page=page)


def count_by_body() -> dict[str, int]:
    """Slug of a body → systems shown."""
    rows = shown_records().order_by().values_list("body_slug").annotate(count=Count("pk"))
    return dict(rows)


def is_demonstration_site() -> bool:
    """Whether fictional bodies are in this database: every page then says so."""
    return PublicBody.objects.filter(document__is_demonstration=True).exists()


def register_figures() -> Figures:
    sheet, line = Q(kind=PublicationKind.SHEET), Q(kind=PublicationKind.LINE)
    unattended = Q(autonomy__in=[Autonomy.SUPERVISED, Autonomy.ALONE])
    counts = shown_records().aggregate(
        systems=Count("pk"),
        sheets=Count("pk", filter=sheet),
        lines=Count("pk", filter=line),
        withheld=Count("pk", filter=Q(kind=PublicationKind.WITHHELD)),
        bodies=Count("body_slug", distinct=True),
        personal=Count("pk", filter=Q(personal_information=YesNoUnsure.YES)),
        personal_known=Count("pk", filter=Q(personal_information__in=[YesNoUnsure.YES, YesNoUnsure.NO])),
        unattended=Count("pk", filter=unattended),
        autonomy_known=Count("pk", filter=Q(autonomy__in=list(Autonomy))),
    )
    return Figures(**counts)


def _ordered(found: QuerySet[Any], search: SystemSearch) -> QuerySet[Any]:
    order = search.effective_order
    if order == "relevance":
        return found.order_by("-relevance", "sort_key", "pk")
    if order == "recent":
        return found.order_by("-updated_at", "pk")
    return found.order_by("sort_key", "pk")


def as_cards(page: Page[Any], text: str = "") -> Page[SystemCard]:
    page.object_list = [_card(record, text) for record in page.object_list]
    return page


def _card(record: PublicRecord, text: str = "") -> SystemCard:
    document = record.publication.document
    system, body = document["system"], document["body"]
    return SystemCard(
        reference=record.reference,
        name=name_in(document),
        summary=pick(system.get("summary", {})),
        excerpt=excerpt_for(text, system) if text else pick({}),
        body_name=pick(body["name"]),
        body_slug=record.body_slug,
        phase=coded("phase", record.phase),
        autonomy=coded("autonomy", record.autonomy) if record.autonomy else None,
        is_sheet=record.kind == PublicationKind.SHEET,
        withheld=withheld_in(document),
        is_withdrawn=record.kind == PublicationKind.WITHDRAWN,
        is_demonstration=document["is_demonstration"],
        updated_at=record.updated_at,
    )
