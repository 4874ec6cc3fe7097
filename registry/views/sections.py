"""The questions of one section of a record, all of them: saved as one types, with what is still wanted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.forms.declaration import AnswersForm, section_fields
from registry.models import AISystem
from registry.public.facts import answers_of
from registry.rules.attention import Progress, progress
from registry.serializers.record import neighbours, part_lists, section_progress
from registry.serializers.sheets import phase_label
from registry.views.saving import autosaved, save_form, saved_sentence
from registry.views.scope import SeeOther, editable_system


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Every sending saves what is valid and tells what is not."""
    system = editable_system(request, uuid)
    if code not in {each.code for each in CATALOGUE.sections}:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, system=system, asked=section_fields(system, code))
    if request.method != "POST":
        return _page(request, system, form, code)
    if "autosave" in request.POST:
        return autosaved(form, lambda: save_form(request, form), lambda saved: _told(section_progress(saved, code)))
    system = save_form(request, form)
    if form.errors:
        return _page(request, system, form, code, status=422)
    messages.success(request, saved_sentence())
    return SeeOther(_next(system, code, request.POST.get("action", "")))


def _next(system: AISystem, code: str, action: str) -> str:
    """The next section, this one again, or the record."""
    following = neighbours(code)[1]
    if action == "next" and following:
        return reverse("registry:section", args=[system.uuid, following.code])
    if action == "leave" or not following:
        return reverse("registry:system", args=[system.uuid])
    return reverse("registry:section", args=[system.uuid, code])


def _told(found: Progress) -> dict[str, Any]:
    text = _("%(done)s of %(total)s") % {"done": found.done, "total": found.required}
    return {"done": found.done, "text": " ".join([text, _("answers")])}


def _page(request: HttpRequest, system: AISystem, form: AnswersForm, code: str, status: int = 200) -> HttpResponse:
    previous, following = neighbours(code)
    required = {each.section: {field.code for field in each.missing} for each in progress(answers_of(system))}
    context = {
        "system": system,
        "form": form,
        "version": system.version,
        "phase_label": phase_label(system),
        "section": code,
        "title": CATALOGUE.section(code).question[reader_language()],
        "bound_fields": [(form[field.code], field.code in required[code]) for field in form.asked],
        "parts": part_lists(system, code),
        "progress": section_progress(system, code),
        "previous": previous,
        "following": following,
    }
    return render(request, "registry/section.html", context, status=status)
