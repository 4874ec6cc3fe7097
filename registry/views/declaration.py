"""Declaring: a name opens a draft, twelve answers fill it, one button enters it in the register."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.services import EditConflict, NotAllowed
from core.services.refusals import Refusal
from organizations.permissions import Permission, organizations_where
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.forms.declaration import PROJECT, SERVICE, BeginForm, DeclarationForm
from registry.models import AISystem
from registry.serializers.declaration import form_sections
from registry.services.documents import missing_for_sheet
from registry.services.similar import similar_systems
from registry.services.systems import begin_system, declare_system, missing_answers, save_answers
from registry.views.scope import SeeOther, editable_system, person, system_in_scope

TOTAL = len(CATALOGUE.mandatory("declaration"))


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A project or a system already in service, for which body, called what: then the draft exists."""
    bodies = organizations_where(person(request), Permission.DECLARE)
    if not bodies.exists():
        raise NotAllowed(_("Your functions do not let you declare a system. Ask the administration of your body."))
    data = request.POST if request.method == "POST" else None
    form = BeginForm(data, organizations=bodies, initial={"request_key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        system = begin_system(organization=form.body, answers=form.answers, by=person(request), request_key=key)
        return SeeOther(_edit_address(system, form.cleaned_data["situation"]))
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/begin.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The questions on one page. Every sending saves what is valid and tells what is not."""
    system = editable_system(request, uuid)
    situation = request.GET.get("situation", "")
    if request.method != "POST":
        return _form_page(request, system, DeclarationForm(system=system, situation=situation))
    form = DeclarationForm(request.POST, system=system, situation=situation)
    if "autosave" in request.POST:
        return _autosave(request, system, form)
    system = _save(request, system, form)
    action = request.POST.get("action", "")
    if action == "declare" and not system.is_declared:
        form.tell_missing(missing_answers(system))
    if form.errors:
        return _form_page(request, system, form, status=422)
    return _after_saving(request, system, action)


def _save(request: HttpRequest, system: AISystem, form: DeclarationForm) -> AISystem:
    form.is_valid()
    version = form.cleaned_data.get("version") or 0
    return save_answers(system=system, answers=form.answers, version=version, by=person(request))


def _autosave(request: HttpRequest, system: AISystem, form: DeclarationForm) -> JsonResponse:
    """The same saving, told in one sentence. In a conflict nothing is written: sending the form shows both texts."""
    try:
        system = _save(request, system, form)
    except EditConflict:
        return JsonResponse({"message": _("Somebody else changed the same answers: compare both texts.")}, status=409)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.sentence}, status=422)
    answer = {"version": system.version, "message": _saved_sentence(), "progress": _progress(system)}
    if form.errors:
        problems = {code: [str(message) for message in found] for code, found in form.errors.items()}
        first = next(iter(problems.values()))[0]
        told = _("%(saved)s, except: %(problem)s") % {"saved": _saved_sentence(), "problem": first}
        return JsonResponse({**answer, "message": told, "errors": problems}, status=422)
    return JsonResponse(answer)


def _saved_sentence() -> str:
    return _("Saved at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")}


def _progress(system: AISystem) -> dict[str, Any]:
    done = TOTAL - len(missing_answers(system))
    text = _("%(done)s of %(total)s") % {"done": done, "total": TOTAL}
    return {"done": done, "text": " ".join([text, _("answers")])}


def _after_saving(request: HttpRequest, system: AISystem, action: str) -> HttpResponse:
    """Where a sending without errors leads: the number, the other phases, or the sheet."""
    if action == "declare" and not system.is_declared:
        declare_system(system=system, by=person(request))
        return SeeOther(reverse("registry:declare", args=[system.uuid]))
    if action in {PROJECT, SERVICE}:
        return SeeOther(_edit_address(system, action) + "#id_phase_0")
    messages.success(request, _saved_sentence())
    if system.is_declared or action == "leave":
        return SeeOther(reverse("registry:system", args=[system.uuid]))
    return SeeOther(_edit_address(system, request.GET.get("situation", "")))


def _edit_address(system: AISystem, situation: str) -> str:
    address = reverse("registry:edit", args=[system.uuid])
    return f"{address}?situation={situation}" if situation in {PROJECT, SERVICE} else address


def _form_page(request: HttpRequest, system: AISystem, form: DeclarationForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "system": system,
        "version": system.version,
        "sections": form_sections(form),
        "progress": _progress(system),
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
