"""What became of each answer: who, when, before, after."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.serializers.history import PAGE, history_page
from assessments.views.scope import assessment_in_scope


@require_safe
def history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`?question=`: of one question; `?page=`: fifty changes on each."""
    found = assessment_in_scope(request, uuid)
    code = request.GET.get("question", "")
    number = request.GET.get("page", "")
    page = history_page(found, code if code in found.questionnaire.by_id else "", number)
    context = {"assessment": found, "page_obj": page, "page_size": PAGE, **page.about}
    return render(request, "assessments/history.html", context)
