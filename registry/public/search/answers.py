"""The answer to a search: results, their number, the numbers of each filter.

When no system is about these words: those that have them in passing, else what was meant by a typing mistake, else
those that have a part of them.
"""

from dataclasses import dataclass, replace

from django.core.paginator import Page

from registry.public.search.corrections import Correction, correct, suggested_words
from registry.public.search.everyday_words import is_all_common
from registry.public.search.facets import SearchCounts, count_search
from registry.public.search.numbers import references_in
from registry.public.search.query import LISTED, RANKED, Counted, SystemSearch
from registry.public.site import PAGE_SIZE, SystemCard, find_by_number, find_systems, listed_at_most


@dataclass(frozen=True)
class SearchAnswer:
    """`search`: what was looked for in the end. `corrected`: its words, when they are not those that were typed.
    `in_passing`: no system is about these words; those told have them somewhere in their texts. `in_part`: none
    has all the words; those told have some of them. `is_too_common`: the words say nothing by themselves.
    """

    search: SystemSearch
    counts: SearchCounts
    page: Page[SystemCard]
    named: SystemCard | None = None
    corrected: str = ""
    in_passing: bool = False
    in_part: bool = False
    suggestions: tuple[str, ...] = ()
    is_too_deep: bool = False
    is_too_common: bool = False

    @property
    def total(self) -> Counted:
        return self.counts.total

    @property
    def is_nothing_found(self) -> bool:
        return not self.total.count and self.named is None

    @property
    def listed(self) -> int:
        """How many of them the pages show, when it is not all."""
        listed = listed_at_most(self.search)
        return listed if self.total.count > listed or self.total.is_more else 0

    @property
    def is_ranked_in_part(self) -> bool:
        return bool(self.listed) and self.listed == RANKED != LISTED


def answer_search(search: SystemSearch, *, page: str, is_exact: bool = False) -> SearchAnswer:
    """What was typed; when nothing has it, what was meant. Seven queries at most, whatever the number of systems.

    `is_exact`: look for what was typed and nothing else.
    """
    numbers = references_in(search.text)
    named = find_by_number(numbers) if numbers else None  # filters and withdrawal do not hide it
    asked, counts, corrected = search, count_search(search), ""
    suggestions: tuple[str, ...] = ()
    in_part, is_common = False, is_all_common(search.text)
    if search.words and not counts.total.count and not (named or len(numbers) == 1) and not is_common:
        search, counts = _in_passing(search, counts)
        if not counts.total.count:
            correction = correct(search.text)
            suggestions = tuple(suggested_words(search.text, correction))
            if correction.text and not is_exact:
                search, counts, corrected = _as_meant(search, counts, correction.text)
            if correction.part and not is_exact and not counts.total.count:
                search, counts, in_part = _in_part(search, counts, correction)
    is_too_deep = _is_too_deep(page, search, counts.total)
    cards = find_systems(search, page=1 if is_too_deep else page, total=counts.total)
    shown = named if named and all(card.reference != named.reference for card in cards) else None
    in_passing = search.everywhere and not asked.everywhere and not in_part
    return SearchAnswer(
        search, counts, cards, shown, corrected, in_passing, in_part, suggestions, is_too_deep, is_common
    )


def _in_passing(search: SystemSearch, counts: SearchCounts) -> tuple[SystemSearch, SearchCounts]:
    """The same words in every text of the sheets, when they are there."""
    if search.everywhere:
        return search, counts
    wider = replace(search, everywhere=True)
    found = count_search(wider)
    return (wider, found) if found.total.count else (search, counts)


def _as_meant(search: SystemSearch, counts: SearchCounts, words: str) -> tuple[SystemSearch, SearchCounts, str]:
    """Other words, when they find something."""
    meant = replace(search, text=words)
    found = count_search(meant)
    return (meant, found, words) if found.total.count else (search, counts, "")


def _in_part(
    search: SystemSearch, counts: SearchCounts, correction: Correction
) -> tuple[SystemSearch, SearchCounts, bool]:
    """Any of the words, when none has them all."""
    wider = replace(search, text=correction.part, everywhere=search.everywhere or correction.is_passing)
    found = count_search(wider)
    return (wider, found, True) if found.total.count else (search, counts, False)


def _is_too_deep(page: str, search: SystemSearch, total: Counted) -> bool:
    """Beyond what the pages show, though there is more: told, not answered by another page."""
    listed = listed_at_most(search)
    has_more = total.is_more or total.count > listed
    return has_more and page.isascii() and page.isdecimal() and len(page) < 10 and int(page) > -(-listed // PAGE_SIZE)
