"""Finding a system."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from organizations.public import body_names
from registry.public.elsewhere.lists import count_elsewhere, find_or_correct
from registry.public.search.answers import answer_search
from registry.public.search.query import LISTED
from transparency.forms import SystemFilters
from transparency.views.page import public_page, show

FEW_ELSEWHERE = 5


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Results, with their filters; registers from elsewhere only when asked for, apart and never counted."""
    filters = SystemFilters(request.GET, bodies=body_names())
    answer = answer_search(filters.search, page=request.GET.get("page", "1"), is_exact=filters.is_exact)
    named = [answer.named] if answer.named else []
    context: dict[str, Any] = {
        "filters": filters,
        "facets": filters.facets(answer.counts),
        "answer": answer,
        "search": filters.search,
        "everywhere": "1" if answer.search.everywhere else None,
        "page": answer.page,
        "listed_at_most": LISTED,
        "demonstration": any(card.is_demonstration for card in (*answer.page, *named)),
    }
    if filters.wants_elsewhere:
        words = filters.search.text if answer.in_part else answer.search.text
        context["elsewhere_words"], context["elsewhere"] = find_or_correct(words, size=FEW_ELSEWHERE)
    elif answer.is_nothing_found and filters.search.text:
        context["elsewhere_count"] = count_elsewhere(filters.search.text)
    return show(request, "transparency/search.html", context)
