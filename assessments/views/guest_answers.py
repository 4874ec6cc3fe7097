"""The questions that an invited person answers, saved as they type; «J'ai terminé»."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.answers import AnswersForm
from assessments.models import GuestAccess
from assessments.scoring.asking import Reading
from assessments.serializers.guests import own_conversations
from assessments.services.facts import reading_of
from assessments.services.guests import hand_in, take_answers_back
from assessments.services.rows import remove_row
from assessments.services.saving import SavedAnswers, save_answers
from assessments.views.autosave import as_refused, autosaved, save_valid
from assessments.views.filling_page import rows_to_add, sent_questions
from assessments.views.guest_door import address, for_guest, guest_context
from assessments.views.guest_page import guest_page, told_to_guest
from core.pages import SeeOther, saved_sentence
from core.services import Difference, EditConflict


@require_http_methods(["GET", "HEAD", "POST"])
@for_guest
def answers(request: HttpRequest, guest: GuestAccess) -> HttpResponse:
    """The named questions, and nothing else of the assessment."""
    if request.method != "POST":
        return _shown(request, guest)
    assessment = guest.assessment
    sent = [each for each in sent_questions(assessment.questionnaire, request.POST) if each.id in guest.questions]
    blank = Reading(assessment.questionnaire, {}, {})
    form = AnswersForm(request.POST, reading=blank, questions=sent, version=assessment.version)
    if "autosave" in request.POST:
        here = request.path
        return autosaved(
            request, form, lambda: _save(request, guest, form), lambda saved: told_to_guest(guest, form, saved, here)
        )
    saved = _save(request, guest, form)
    if form.errors:
        again = AnswersForm(request.POST, reading=saved.reading, questions=sent, version=saved.version)
        return _render(request, guest, as_refused(again, form), status=422)
    messages.success(request, saved_sentence())
    return SeeOther(_after(request, guest, saved))


def _shown(request: HttpRequest, guest: GuestAccess) -> HttpResponse:
    reading = reading_of(guest.assessment)
    questions = [question for question in reading.asked if question.id in guest.questions]
    added = rows_to_add(reading, questions, request.GET.get("ajouter", ""))
    form = AnswersForm(reading=reading, questions=questions, version=guest.assessment.version, added=added)
    return _render(request, guest, form)


def _render(request: HttpRequest, guest: GuestAccess, form: AnswersForm, status: int = 200) -> HttpResponse:
    context = guest_context(request, guest) | guest_page(guest, form)
    if guest.handed_in_at:
        context["comments"] = own_conversations(guest)
        return render(request, "assessments/guests/handed_in.html", context, status=status)
    return render(request, "assessments/guests/answers.html", context, status=status)


def _save(request: HttpRequest, guest: GuestAccess, form: AnswersForm) -> SavedAnswers:
    """As for the people of the body; who wrote the other text is not named."""
    saved = save_valid(
        form,
        lambda leaves: save_answers(
            assessment=guest.assessment,
            leaves=leaves,
            version=form.cleaned_data.get("version") or 0,
            by=guest,
            unsettled=request.POST.getlist("unsettled"),
        ),
    )
    if saved.differences:
        told = [_unnamed(one, guest) for one in saved.differences]
        raise EditConflict(saved.version, told, is_rest_saved=True, unsaved=form.unsaved)
    return saved


def _unnamed(difference: Difference, guest: GuestAccess) -> Difference:
    return difference if difference.by == str(guest) else replace(difference, by="", by_ref="")


def _after(request: HttpRequest, guest: GuestAccess, saved: SavedAnswers) -> str:
    """Where the button leads, and what it does besides saving."""
    code = request.POST.get("files", "")
    if code in guest.questions:
        return address(request, "files", code)
    row = request.POST.get("remove_row", "")
    if row.partition(".")[0] in guest.questions:
        remove_row(assessment=guest.assessment, name=row, version=saved.version, by=guest)
        return f"{request.path}#q-{row.partition('.')[0]}"
    added: Any = request.POST.get("add_row", "")
    if added in guest.questions:
        return f"{request.path}?{urlencode({'ajouter': added})}#q-{added}"
    return request.path


@require_POST
@for_guest
def finish(request: HttpRequest, guest: GuestAccess) -> HttpResponse:
    """«J'ai terminé»."""
    hand_in(guest=guest, by=guest)
    messages.success(request, _("Thank you: whoever invited you is told that you have finished."))
    return SeeOther(address(request, "answers"))


@require_POST
@for_guest
def take_back(request: HttpRequest, guest: GuestAccess) -> HttpResponse:
    """To correct an answer."""
    take_answers_back(guest=guest, by=guest)
    messages.success(request, _("You may change your answers again."))
    return SeeOther(address(request, "answers"))
