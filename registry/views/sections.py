"""The questions of one section of a record, all of them: saved as one types, with what is still wanted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther, saved_sentence
from core.text import reader_language
from registry import permissions
from registry.field_catalogue import CATALOGUE, Field
from registry.forms.declaration import AnswersForm
from registry.models import AISystem
from registry.models.rows import prefetch_rows
from registry.serializers.record import (
    asked_from,
    neighbours,
    part_lists,
    section_progress,
    shown_to,
)
from registry.serializers.sheets import phase_label
from registry.views.asked import address_of_new, attention_told, came, new_questions, sent_fields, states_told, told
from registry.views.removed import gives_back_typed
from registry.views.saving import autosaved, save_form
from registry.views.scope import editable_system, person


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back_typed
def section(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Every sending saves what is valid and tells what is not."""
    system = editable_system(request, uuid)
    if code not in {each.code for each in CATALOGUE.sections}:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, system=system, asked=sent_fields(request, system, code))
    if request.method != "POST":
        return _page(request, system, form, code)
    if "autosave" in request.POST:
        return autosaved(request, form, lambda: save_form(request, form), lambda saved: told(form, saved, code))
    system = save_form(request, form)
    if form.errors:
        return _page(request, system, form, code, status=422)
    messages.success(request, saved_sentence())
    return SeeOther(_next(system, code, request.POST.get("action", ""), new_questions(form, system, code)))


def _next(system: AISystem, code: str, action: str, new: list[Field]) -> str:
    """The next section, this one again, or the record. Questions that the answers brought are shown before the next."""
    following = neighbours(code)[1]
    if new and action != "leave":
        return address_of_new(system, code, new)
    if action == "next" and following:
        return reverse("registry:section", args=[system.uuid, following.code])
    if action == "leave" or not following:
        return reverse("registry:system", args=[system.uuid])
    return reverse("registry:section", args=[system.uuid, code])


def _page(request: HttpRequest, system: AISystem, form: AnswersForm, code: str, status: int = 200) -> HttpResponse:
    prefetch_rows([system])
    previous, following = neighbours(code)
    context = {
        "form": form,
        "version": system.version,
        "phase_label": phase_label(system),
        "title": CATALOGUE.section(code).question[reader_language()],
        "asked": _asked(system, form, code),
        "parts": part_lists(system, code),
        "progress": section_progress(system, code),
        "previous": previous,
        "following": following,
        "may_publish": permissions.can_publish(person(request), system),
        **states_told(system, code),
        **attention_told(system),
        **came(request, form),
    }
    return render(request, "registry/section.html", context, status=status)


def _asked(system: AISystem, form: AnswersForm, code: str) -> list[tuple[Any, bool, str, str]]:
    """Each question: is its answer wanted now, from when on, and who may read it."""
    missing = {field.code for field in section_progress(system, code).missing}
    shown = shown_to(system, CATALOGUE.in_section(code))
    return [
        (form[field.code], field.code in missing, asked_from(field), shown.get(field.code, "")) for field in form.asked
    ]
