"""«Qui d'autre l'utilise»: the public systems that name one solution, and the page of that solution.

Public pages read publications and nothing else, so the table where staff describe solutions is closed to them. What is
shown of a solution comes from the latest publication, among those shown now, that names it: the description that a body
published last. A correction reaches the public with the next version of any system that uses it, under a number and a
digest, like everything else. Of a sheet that was withdrawn or withheld, the public record names no solution: its body,
its claims and the very existence of a solution that nobody else names leave with it.
"""

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import QuerySet

from registry.models import PublicRecord
from registry.public.search.query import LISTED, Counted, count_at_most
from registry.public.sheet.solution import SolutionTold, solution_in
from registry.public.site import CARD_COLUMNS, PAGE_SIZE, BoundedPaginator, SystemCard, as_cards, card_of
from registry.workflow import PublicationKind

# Beside a sheet; the page of the solution lists them all.
FEW = 5
ORDERS = {"name": ("sort_key", "pk"), "recent": ("-updated_at", "pk")}


@dataclass(frozen=True)
class WhoElse:
    """Other public systems of the same solution, those of other bodies first. `total`: of all its systems, this one
    included.
    """

    cards: tuple[SystemCard, ...]
    total: Counted

    @property
    def has_more(self) -> bool:
        return self.total.is_more or self.total.count > len(self.cards) + 1


@dataclass(frozen=True)
class SolutionPage:
    """`told`: as the latest publication describes it, that of the system `described_by`."""

    told: SolutionTold
    described_by: SystemCard
    page: Page[SystemCard]
    total: Counted
    is_demonstration: bool


def users_of(solution: str) -> QuerySet[PublicRecord]:
    """Only a whole sheet names its solution; told again here, so that no other kind ever comes into these lists."""
    return PublicRecord.objects.filter(solution=solution, kind=PublicationKind.SHEET)


def who_else(solution: str, *, reference: str, body_slug: str) -> WhoElse:
    """Two queries, however many systems use it."""
    others = users_of(solution).exclude(reference=reference).order_by(*ORDERS["name"])
    elsewhere = others.exclude(body_slug=body_slug).values("pk")[:FEW]
    same_body = others.filter(body_slug=body_slug).values("pk")[:FEW]
    rows = PublicRecord.objects.filter(pk__in=elsewhere.union(same_body)).select_related("publication")
    cards = [card_of(row) for row in rows.only(*CARD_COLUMNS).order_by(*ORDERS["name"])]
    cards.sort(key=lambda card: card.body_slug == body_slug)
    return WhoElse(tuple(cards[:FEW]), count_at_most(users_of(solution)))


def solution_page(solution: str, *, order: str = "", page: str | int = 1) -> SolutionPage | None:
    """None when no public sheet names it: whether staff know it is nobody's business. Three queries."""
    users = users_of(solution)
    latest = _rows(users, "recent").first()
    told = solution_in(latest.publication.document) if latest else None
    if latest is None or told is None:
        return None
    total = count_at_most(users)
    rows = _rows(users, order if order in ORDERS else "name")
    cards = as_cards(BoundedPaginator(rows, PAGE_SIZE, listed=min(total.count, LISTED)).get_page(page))
    described_by = card_of(latest)
    return SolutionPage(told, described_by, cards, total, described_by.is_demonstration)


def _rows(users: QuerySet[PublicRecord], order: str) -> QuerySet[PublicRecord]:
    return users.select_related("publication").only(*CARD_COLUMNS).order_by(*ORDERS[order])
