"""Declaring: a name opens a draft, twelve answers fill it, one button enters it in the register."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther, progress_told, saved_sentence
from organizations.permissions import Permission, organizations_where
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.forms.declaration import PROJECT, SERVICE, AnswersForm, BeginForm, declaration_fields
from registry.models import AISystem
from registry.serializers.declaration import form_sections
from registry.serializers.sheets import phase_label
from registry.services.documents import missing_for_sheet
from registry.services.similar import similar_systems
from registry.services.systems import begin_system, declare_system, missing_answers
from registry.views.removed import gives_back_typed
from registry.views.saving import autosaved, save_form
from registry.views.scope import editable_system, not_your_function, person, system_in_scope

TOTAL = len(CATALOGUE.mandatory("declaration"))


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A project or a system already in service, for which body, called what: then the draft exists."""
    bodies = organizations_where(person(request), Permission.DECLARE)
    if not bodies.exists():
        raise not_your_function(request, _("Your functions do not let you declare a system."))
    data = request.POST if request.method == "POST" else None
    form = BeginForm(data, organizations=bodies, initial={"request_key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        system = begin_system(organization=form.body, answers=form.answers, by=person(request), request_key=key)
        return SeeOther(_edit_address(system, form.cleaned_data["situation"]))
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/begin.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back_typed
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The questions on one page. Every sending saves what is valid and tells what is not."""
    system = editable_system(request, uuid)
    situation = request.GET.get("situation", "")
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, system=system, asked=declaration_fields(system.organization), situation=situation)
    if request.method != "POST":
        return _form_page(request, system, form)
    if "autosave" in request.POST:
        return autosaved(request, form, lambda: save_form(request, form), _progress)
    system = save_form(request, form)
    action = request.POST.get("action", "")
    if action == "declare" and not system.is_declared:
        form.tell_missing(missing_answers(system))
    if form.errors:
        return _form_page(request, system, form, status=422)
    return _after_saving(request, system, action)


def _progress(system: AISystem) -> dict[str, Any]:
    return progress_told(TOTAL - len(missing_answers(system)), TOTAL)


def _after_saving(request: HttpRequest, system: AISystem, action: str) -> HttpResponse:
    """Where a sending without errors leads: the number, the other phases, or the sheet."""
    if action == "declare" and not system.is_declared:
        declare_system(system=system, by=person(request))
        return SeeOther(reverse("registry:declare", args=[system.uuid]))
    if action in {PROJECT, SERVICE}:
        return SeeOther(_edit_address(system, action) + "#id_phase_0")
    messages.success(request, saved_sentence())
    if system.is_declared or action == "leave":
        return SeeOther(reverse("registry:system", args=[system.uuid]))
    return SeeOther(_edit_address(system, request.GET.get("situation", "")))


def _edit_address(system: AISystem, situation: str) -> str:
    address = reverse("registry:edit", args=[system.uuid])
    return f"{address}?situation={situation}" if situation in {PROJECT, SERVICE} else address


def _form_page(request: HttpRequest, system: AISystem, form: AnswersForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "system": system,
        "version": system.version,
        "phase_label": phase_label(system),
        "sections": form_sections(form),
        **_progress(system),
        "total": TOTAL,
        "other_situation": PROJECT if form.situation == SERVICE else SERVICE,
        "similar": [] if system.is_declared else similar_systems(system, person(request)),
    }
    return render(request, "registry/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """POST enters a draft in the register; the page then gives its number and says what comes next."""
    if request.method == "POST":
        system = editable_system(request, uuid)
        if not system.is_declared and missing_answers(system):
            return SeeOther(_edit_address(system, ""))
        if not system.is_declared:
            declare_system(system=system, by=person(request))
        return SeeOther(reverse("registry:declare", args=[system.uuid]))
    system = system_in_scope(request, uuid)
    if not system.is_declared:
        return SeeOther(_edit_address(system, ""))
    context = {
        "system": system,
        "missing": missing_for_sheet(system),
        "may_publish": permissions.can_publish(person(request), system),
    }
    return render(request, "registry/declared.html", context)
