"""What the supplier claims of a solution: noted, corrected, removed, by the body that keeps the solution up."""

import uuid as uuids
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput, save_undisputed
from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field
from registry.forms.parts import PartForm
from registry.models import Solution, SolutionClaim
from registry.services.solutions import add_claim, remove_claim, save_claim
from registry.views.removed import gives_back_typed
from registry.views.scope import person
from registry.views.solutions import editable_solution

SHAPE = CATALOGUE.shared_part("supplier_claims")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    solution = editable_solution(request, uuid)
    data = request.POST if request.method == "POST" else None
    form = PartForm(data, asked=_asked(solution), initial={"request_key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        try:
            add_claim(solution=solution, answers=form.answers, by=person(request), request_key=key)
            messages.success(request, _("Added."))
            return SeeOther(_back(solution))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, solution, form)


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back_typed
def change(request: HttpRequest, uuid: UUID, claim: UUID) -> HttpResponse:
    solution = editable_solution(request, uuid)
    found = get_object_or_404(solution.claims.all(), uuid=claim)
    form = PartForm(request.POST if request.method == "POST" else None, asked=_asked(solution), row=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            save_undisputed(
                lambda answers: save_claim(claim=found, answers=answers, version=version, by=person(request)),
                form.answers,
                locked=Solution.objects.filter(pk=solution.pk),
            )
            messages.success(request, _("Saved."))
            return SeeOther(_back(solution))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, solution, form, claim=found)


@require_POST
def remove(request: HttpRequest, uuid: UUID, claim: UUID) -> HttpResponse:
    solution = editable_solution(request, uuid)
    remove_claim(claim=get_object_or_404(solution.claims.all(), uuid=claim), by=person(request))
    messages.success(request, _("Removed. The history of the solution keeps what it said."))
    return SeeOther(_back(solution))


def _asked(solution: Solution) -> tuple[Field, ...]:
    """In English too where the body that keeps the solution up publishes in English."""
    return SHAPE.asked(in_english=solution.organization.publishes_in_english)


def _back(solution: Solution) -> str:
    return reverse("registry:solution", args=[solution.uuid]) + "#affirmations"


def _page(request: HttpRequest, solution: Solution, form: PartForm, claim: SolutionClaim | None = None) -> HttpResponse:
    context = {
        "solution": solution,
        "claim": claim,
        "form": form,
        "version": form["version"].value() or 0,
        "title": _("Claim of the supplier") if claim else SHAPE.add[reader_language()],
        "help": SHAPE.help[reader_language()],
        "back": _back(solution),
    }
    return render(request, "registry/solution_claim.html", context, status=422 if form.errors else 200)
