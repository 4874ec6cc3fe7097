"""Rows of a record: a page to add one, a page to correct or remove it."""

import uuid as uuids
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput, save_undisputed
from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.forms.parts import PartForm
from registry.models import AISystem, SystemPart
from registry.models.parts import PART_MODELS
from registry.services.parts import add_part, remove_part, rows_leaving_with, save_part
from registry.views.removed import gives_back_typed
from registry.views.scope import editable_system, person


def shape_of(code: str) -> Part:
    if code not in PART_MODELS:
        raise Http404
    return CATALOGUE.part(code)


def row_in_scope(system: AISystem, code: str, row: UUID) -> SystemPart:
    rows = PART_MODELS[shape_of(code).code]._default_manager.filter(system=system)
    return get_object_or_404(rows, uuid=row)


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back_typed
def add(request: HttpRequest, uuid: UUID, part: str) -> HttpResponse:
    system, shape = editable_system(request, uuid), shape_of(part)
    data = request.POST if request.method == "POST" else None
    form = PartForm(data, asked=_asked(system, shape), system=system, initial={"request_key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        try:
            add_part(system=system, part=part, answers=form.answers, by=person(request), request_key=key)
            messages.success(request, _("Added."))
            return SeeOther(_back(system, shape))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, system, shape, form)


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back_typed
def change(request: HttpRequest, uuid: UUID, part: str, row: UUID) -> HttpResponse:
    system, shape = editable_system(request, uuid), shape_of(part)
    found = row_in_scope(system, part, row)
    data = request.POST if request.method == "POST" else None
    form = PartForm(data, asked=_asked(system, shape), system=system, row=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            save_undisputed(
                lambda answers: save_part(row=found, part=part, answers=answers, version=version, by=person(request)),
                form.answers,
                locked=AISystem.objects.filter(pk=system.pk),
            )
            messages.success(request, _("Saved."))
            return SeeOther(_back(system, shape))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, system, shape, form, row=found)


@require_POST
def remove(request: HttpRequest, uuid: UUID, part: str, row: UUID) -> HttpResponse:
    system = editable_system(request, uuid)
    remove_part(row=row_in_scope(system, part, row), part=part, by=person(request))
    messages.success(request, _("Removed. The history of the system keeps what it said."))
    return SeeOther(_back(system, shape_of(part)))


def _asked(system: AISystem, shape: Part) -> tuple[Field, ...]:
    return shape.asked(in_english=system.organization.publishes_in_english)


def _back(system: AISystem, shape: Part) -> str:
    return reverse("registry:section", args=[system.uuid, shape.section]) + f"#{shape.code}"


def _page(
    request: HttpRequest, system: AISystem, shape: Part, form: PartForm, row: SystemPart | None = None
) -> HttpResponse:
    language = reader_language()
    context = {
        "system": system,
        "part": shape.code,
        "row": row,
        "leaving": len(rows_leaving_with(row)) if row else 0,
        "form": form,
        # What was read, also after a refusal: another person's answers since then are still not this person's.
        "version": form["version"].value() or 0,
        "title": shape.label[language] if row else shape.add[language],
        "one": shape.one[language],
        "help": shape.help[language],
        "section": CATALOGUE.section(shape.section).question[language],
        "back": _back(system, shape),
    }
    return render(request, "registry/part.html", context, status=422 if form.errors else 200)
