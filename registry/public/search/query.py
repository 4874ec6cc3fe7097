"""What a visitor looks for, and the public records that answer: filters and words, before any order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from registry.models import PublicRecord
from registry.models.search import FACETS
from registry.public.search.everyday_words import without_subject
from registry.public.search.matching import ABOUT, EVERYTHING, holds_words
from registry.workflow import PublicationKind

ORDERS = ("relevance", "name", "recent")
# Names of the filters in an address.
FILTERS: tuple[str, ...] = tuple(FACETS)
# What a system shows the public; those that were withdrawn are in no list.
KINDS = {
    PublicationKind.SHEET: gettext_lazy("Full sheet"),
    PublicationKind.LINE: gettext_lazy("Declared, sheet to come"),
    PublicationKind.WITHHELD: gettext_lazy("Not disclosed"),
}
# Lists show so many systems and no more, and count no further: what a search costs does not grow with the register.
LISTED = 10_000
# So many are compared to put the most relevant first: of more, the latest.
RANKED = 1_000


@dataclass(frozen=True)
class SystemSearch:
    """What a visitor looks for. Values are untrusted; unknown ones find nothing.

    `everywhere`: in every text of the sheets, not only in those that say what the system is about.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = ""
    everywhere: bool = False

    @cached_property
    def words(self) -> str:
        """What systems are searched by: not the words that name what the whole register is about."""
        return without_subject(self.text)

    @property
    def is_whole_subject(self) -> bool:
        return bool(self.text) and not self.words

    @property
    def effective_order(self) -> str:
        """Relevance needs words to compare with; without words the latest come first."""
        if self.order in ORDERS and (self.words or self.order != "relevance"):
            return self.order
        return "relevance" if self.words else "recent"

    @property
    def vectors(self) -> str:
        return EVERYTHING if self.everywhere else ABOUT

    @property
    def filtered_by(self) -> tuple[str, ...]:
        return tuple(name for name, values in self.filters.items() if values)


@dataclass(frozen=True)
class Counted:
    """A number of systems; `is_more`: there are more, and nobody counted them."""

    count: int
    is_more: bool = False


def shown_records() -> QuerySet[PublicRecord]:
    """Systems that lists may show: not those that were withdrawn."""
    return PublicRecord.objects.exclude(kind=PublicationKind.WITHDRAWN)


def found_records(search: SystemSearch, *, without: str = "") -> QuerySet[PublicRecord]:
    """What answers the words and every filter but the one named."""
    found = shown_records()
    for name in search.filtered_by:
        if name != without:
            lookup = "overlap" if FACETS[name].is_list else "in"
            found = found.filter(**{f"{FACETS[name].column}__{lookup}": list(search.filters[name])})
    return found.filter(holds_words(search.words, search.vectors)) if search.words else found


def count_at_most(found: QuerySet[PublicRecord], most: int = LISTED) -> Counted:
    """Exact up to `most`; nothing beyond is read."""
    count = found.order_by().values("pk")[: most + 1].count()
    return Counted(min(count, most), count > most)
