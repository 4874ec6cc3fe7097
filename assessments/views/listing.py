"""The assessments of one's bodies: filtered, sorted, exported."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.filters import AssessmentFilters, page_of
from assessments.models import Assessment, DepositedAssessment
from assessments.serializers.deposits import deposit_row
from assessments.serializers.overview import assessment_row
from assessments.views.scope import person

PAGE = 50


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """Those of Vigie, then those deposited. Screenings apart: they are asked for on the page of each system."""
    seen = Assessment.objects.visible_to(person(request))
    filters = AssessmentFilters(request.GET, queryset=seen, request=request)
    page = page_of(filters.qs, request.GET.get("page"), PAGE)
    rows = [assessment_row(each) for each in page.object_list]
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": rows,
        "is_filtered": filters.is_filtered,
        "deposits": _deposits(request, filters.words),
    }
    return render(request, "assessments/list.html", context)


def _deposits(request: HttpRequest, words: str) -> list[dict[str, Any]]:
    """By the words of the search alone: a deposit has no state and nobody leads it."""
    found = DepositedAssessment.objects.in_force().visible_to(person(request)).with_words(words)
    return [deposit_row(each) for each in found.select_related("system", "file")[:PAGE]]
