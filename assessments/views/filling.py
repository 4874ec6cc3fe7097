"""Filling in: one question, one section or all of them on a page, saved as one types."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assessments.forms.answers import AnswersForm
from assessments.models import Assessment
from assessments.scoring.asking import Reading
from assessments.services.facts import reading_of
from assessments.services.prefill import accept_offers
from assessments.services.rows import remove_row
from assessments.services.saving import SavedAnswers, save_answers
from assessments.views.autosave import as_refused, autosaved, save_valid
from assessments.views.filling_page import (
    Place,
    filling_page,
    rows_to_add,
    said_of_others,
    sent_questions,
    told_after,
)
from assessments.views.scope import person, writable_assessment
from core.pages import SeeOther, saved_sentence
from core.services import EditConflict


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """One section. Every sending saves what is valid and tells what is not."""
    assessment = writable_assessment(request, uuid)
    if code not in {each.code for each in assessment.questionnaire.sections}:
        raise Http404
    return _page(request, assessment, Place("section", code))


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """One question alone; one that is not asked any more is shown, marked, with its answer."""
    assessment = writable_assessment(request, uuid)
    if code not in assessment.questionnaire.by_id:
        raise Http404
    return _page(request, assessment, Place("question", code))


@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All the questions that are asked, section after section."""
    return _page(request, writable_assessment(request, uuid), Place("everything", ""))


def _page(request: HttpRequest, assessment: Assessment, place: Place) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, assessment, place)
    # As it was shown: the questions of the page are those that it sent, whatever was answered meanwhile.
    blank = Reading(assessment.questionnaire, {}, {})
    questions = sent_questions(assessment.questionnaire, request.POST)
    form = AnswersForm(request.POST, reading=blank, questions=questions, version=assessment.version)
    if "autosave" in request.POST:
        return autosaved(
            request, form, lambda: _save(request, assessment, form), lambda saved: told_after(form, saved, place)
        )
    saved = _save(request, assessment, form)
    if form.errors:
        again = AnswersForm(request.POST, reading=saved.reading, questions=questions, version=saved.version)
        return _render(request, assessment, as_refused(again, form), place, status=422)
    _act(request, assessment, saved)
    messages.success(request, ". ".join(filter(None, (saved_sentence(), said_of_others(saved, place)))))
    return SeeOther(place.after(assessment, saved, request.POST))


def _shown(request: HttpRequest, assessment: Assessment, place: Place) -> HttpResponse:
    reading = reading_of(assessment)
    questions = place.questions(reading)
    added = rows_to_add(reading, questions, request.GET.get("ajouter", ""))
    form = AnswersForm(reading=reading, questions=questions, version=assessment.version, added=added)
    return _render(request, assessment, form, place)


def _save(request: HttpRequest, assessment: Assessment, form: AnswersForm) -> SavedAnswers:
    """Saves what may be; raises `EditConflict` for the rest, which the page of both texts shows."""
    saved = save_valid(
        form,
        lambda leaves: save_answers(
            assessment=assessment,
            leaves=leaves,
            version=form.cleaned_data.get("version") or 0,
            by=person(request),
            unsettled=request.POST.getlist("unsettled"),
        ),
    )
    if saved.differences:
        raise EditConflict(saved.version, list(saved.differences), is_rest_saved=True, unsaved=form.unsaved)
    return saved


def _act(request: HttpRequest, assessment: Assessment, saved: SavedAnswers) -> None:
    """What the button asks besides saving: to take what is offered, to take a row off."""
    assessment.version = saved.version
    if accepted := request.POST.getlist("accept"):
        if accepted == ["*"]:
            accepted = request.POST.get("shown", "").split(",")
        accept_offers(assessment=assessment, questions=accepted, by=person(request))
    if row := request.POST.get("remove_row", ""):
        remove_row(assessment=assessment, name=row, version=saved.version, by=person(request))


def _render(
    request: HttpRequest, assessment: Assessment, form: AnswersForm, place: Place, status: int = 200
) -> HttpResponse:
    new = request.GET.get("new", "")
    context: dict[str, Any] = filling_page(assessment, form, place, reader=person(request), new=new)
    return render(request, "assessments/filling.html", context, status=status)
