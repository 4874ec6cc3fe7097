"""The documents of what a search finds, read by chunks: for files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry.models import PublicRecord
from registry.public.search.query import SystemSearch
from registry.public.site import find_systems

MOST_SYSTEMS = 10_000
CHUNK = 500


@dataclass(frozen=True)
class FoundDocuments:
    """In the order of names, which does not move between two chunks. `is_cut`: there were more."""

    search: SystemSearch
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > MOST_SYSTEMS

    def documents(self) -> Iterator[Mapping[str, Any]]:
        left = min(self.count, MOST_SYSTEMS)
        for number in range(1, -(-left // CHUNK) + 1):
            page = find_systems(self.search, page=number, size=CHUNK)
            yield from documents_by_reference([card.reference for card in page][:left])
            left -= CHUNK


def documents_of(search: SystemSearch) -> FoundDocuments:
    by_name = replace(search, order="name")
    return FoundDocuments(by_name, find_systems(by_name, size=1).paginator.count)


def documents_by_reference(references: list[str]) -> Iterator[Mapping[str, Any]]:
    """The version in force of each, in the order given. One query."""
    rows = PublicRecord.objects.filter(reference__in=references).order_by()
    known = dict(rows.values_list("reference", "publication__document"))
    yield from (known[reference] for reference in references if reference in known)
