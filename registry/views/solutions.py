"""Solutions: found, entered once, read by every body, corrected by the one that keeps them up."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed, save_undisputed
from core.text import clean_line, reader_language
from organizations.models import Organization
from organizations.permissions import Permission, organizations_where
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.forms.parts import PartForm
from registry.forms.solutions import NewSolutionForm
from registry.models import AISystem, PublicRecord, Solution
from registry.serializers.solutions import solution_fields, solution_history
from registry.services.leads import successor_of
from registry.services.solutions import enter_solution, save_solution, take_over_solution
from registry.views.scope import not_your_function, person

PER_PAGE = 25
MOST_SYSTEMS = 50
LONGEST_SEARCH = 200
SHAPE = CATALOGUE.shared_part("solution_facts")
ORDERS = {"name": ("sort_key", "pk"), "users": ("-users", "sort_key", "pk"), "-updated": ("-updated_at", "pk")}


def solution_in_scope(request: HttpRequest, uuid: UUID) -> Solution:
    """Of any body: solutions are there to be used again."""
    seen = Solution.objects.visible_to(person(request)).select_related("organization")
    return get_object_or_404(seen, uuid=uuid)


def words_asked(request: HttpRequest) -> str:
    return clean_line(request.GET.get("q", ""))[:LONGEST_SEARCH]


def may_enter(request: HttpRequest) -> Any:
    """The bodies for which this person may enter a solution."""
    return organizations_where(person(request), Permission.EDIT_SYSTEMS).filter(closed_on__isnull=True)


@require_safe
def solutions(request: HttpRequest) -> HttpResponse:
    """Every solution, by its names or its supplier."""
    if not permissions.can_read_solutions(person(request)):
        raise not_your_function(request, _("Your functions do not let you read solutions."))
    query, order = words_asked(request), request.GET.get("sort", "")
    order = order if order in ORDERS else "name"
    found = Solution.objects.visible_to(person(request)).named(query).select_related("organization").with_users()
    context = {
        "page": Paginator(found.order_by(*ORDERS[order]), PER_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "orders": [("name", _("Name")), ("users", _("Most used first")), ("-updated", _("Last change, latest first"))],
        "order": order,
        "may_enter": may_enter(request).exists(),
    }
    return render(request, "registry/solutions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A solution that no body has described yet."""
    bodies = may_enter(request).order_by("sort_key", "pk")
    if not bodies:
        raise not_your_function(request, _("Your functions do not let you enter a solution."))
    form = entering_form(request, bodies)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["request_key"]
            made = enter_solution(organization=form.body, answers=form.answers, by=person(request), request_key=key)
            messages.success(request, _("The solution is entered: every body may now name it."))
            return SeeOther(reverse("registry:solution", args=[made.uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    back = reverse("registry:solutions")
    return solution_form_page(request, form, title=str(SHAPE.add[reader_language()]), back=back)


@require_safe
def solution(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it is, what its supplier claims, which systems use it, what happened to it."""
    found = solution_in_scope(request, uuid)
    used = AISystem.objects.in_use().filter(solution=found)
    seen = used.filter(pk__in=AISystem.objects.visible_to(person(request)).values("pk")).select_related("organization")
    context = {
        "solution": found,
        "fields": solution_fields(found),
        "claims": found.claims.all(),
        "users": used.declared().count(),
        "is_public": PublicRecord.objects.filter(solution=uuid).exists(),
        "systems": seen.order_by("sort_key", "pk")[:MOST_SYSTEMS],
        "may_edit": permissions.can_edit_solution(person(request), found),
        "successor": _successor(request, found),
        # Names of people: for those who read the files of their body.
        "entries": solution_history(found) if permissions.can_read_history_of(person(request), found) else None,
    }
    return render(request, "registry/solution.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_solution(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = editable_solution(request, uuid)
    form = PartForm(request.POST if request.method == "POST" else None, asked=SHAPE.fields, row=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            save_undisputed(
                lambda answers: save_solution(solution=found, answers=answers, version=version, by=person(request)),
                form.answers,
                locked=Solution.objects.filter(pk=found.pk),
            )
            messages.success(request, _("Saved."))
            return SeeOther(reverse("registry:solution", args=[uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    back = reverse("registry:solution", args=[uuid])
    return solution_form_page(request, form, title=_("Correct the description"), back=back, solution=found)


@require_POST
def take_over(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = take_over_solution(solution=solution_in_scope(request, uuid), by=person(request))
    messages.success(request, _("%(body)s now keeps this solution up.") % {"body": found.organization.name})
    return SeeOther(reverse("registry:solution", args=[uuid]))


def editable_solution(request: HttpRequest, uuid: UUID) -> Solution:
    found = solution_in_scope(request, uuid)
    if not permissions.can_edit_solution(person(request), found):
        raise NotAllowed(
            _("Another body keeps this solution up: you may name it in your systems, and ask that body to correct it.")
        )
    return found


def entering_form(request: HttpRequest, bodies: Any) -> NewSolutionForm:
    data = request.POST if request.method == "POST" else None
    return NewSolutionForm(data, organizations=bodies, initial={"request_key": uuids.uuid4()})


def solution_form_page(
    request: HttpRequest, form: Any, *, title: str, back: str, solution: Solution | None = None, **context: Any
) -> HttpResponse:
    told = {"form": form, "title": title, "back": back, "solution": solution, "help": SHAPE.help[reader_language()]}
    told["version"] = form["version"].value() if "version" in form.fields else 0
    return render(request, "registry/solution_form.html", told | context, status=422 if form.errors else 200)


def _successor(request: HttpRequest, found: Solution) -> Organization | None:
    """The body of this person that carries on the work of the closed one which entered it."""
    successor = successor_of(found.organization) if found.organization.closed_on else None
    return successor if successor and permissions.can_enter_solution(person(request), successor) else None
