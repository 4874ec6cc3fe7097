"""Comments beside a question: its threads, and all those of an assessment that are open."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments import permissions
from assessments.models import Assessment
from assessments.questionnaires import Question
from assessments.serializers.comments import thread_rows
from assessments.serializers.overview import question_link
from assessments.services.commenting import (
    begin_thread,
    check_may_comment,
    guests_reading,
    threads_address,
    write_in_thread,
)
from assessments.views.scope import assessment_in_scope, person
from core.pages import SeeOther
from core.services import InvalidInput
from core.text import reader_language
from organizations.models import User
from review.forms import CommentForm
from review.models import CommentThread
from review.services import people_to_mention

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def threads(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """What people say of one question; whoever reads the assessment may write there."""
    found = assessment_in_scope(request, uuid)
    question = found.questionnaire.by_id.get(code)
    if question is None:
        raise Http404
    people = list(people_to_mention(found.organization, but=person(request)))
    form = CommentForm(request.POST, people=people) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            return SeeOther(_act(person(request), found, question, form))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    context = {
        "assessment": found,
        "question": question,
        "link": question_link(found, question),
        "threads": CommentThread.objects.of(found.uuid).at(code).with_comments(),
        "guests": guests_reading(found, code),
        "people": people,
        "refused": form,
        "may_write": permissions.can_write(person(request), found) and found.is_open,
    }
    return render(request, "assessments/threads.html", context, status=422 if form else 200)


def _act(user: User, assessment: Assessment, question: Question, form: CommentForm) -> str:
    """Where to read what was done."""
    check_may_comment(assessment, user)
    action, key = form.cleaned_data["action"], form.cleaned_data["thread"]
    if action == "open":
        thread = begin_thread(assessment=assessment, question=question, by=user, **form.said)
    else:
        thread = get_object_or_404(CommentThread.objects.of(assessment.uuid).at(question.id), uuid=key)
        write_in_thread(thread=thread, action=action, by=user, **form.said)
    return f"{threads_address(assessment, question.id)}#{thread.anchor}"


@require_safe
def open_threads(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every thread that is open, in the order of the questions."""
    found = assessment_in_scope(request, uuid)
    whole = CommentThread.objects.of(found.uuid)
    page: Any = Paginator(whole.open().with_comments().order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "assessment": found,
        "page_obj": page,
        "rows": thread_rows(found, page.object_list),
        "has_resolved": whole.resolved().exists(),
        "title": found.questionnaire.short_title[reader_language()],
    }
    return render(request, "assessments/comments.html", context)
