"""Which shared solution a system is a use of: chosen among those that exist, entered, or taken off."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE
from registry.forms.solutions import NamedSolution
from registry.models import AISystem, Solution
from registry.models.solution import SolutionQuerySet
from registry.services.similar import likely_solutions
from registry.services.solutions import detach_solution, enter_solution, use_solution
from registry.views.scope import editable_system, person
from registry.views.solutions import PER_PAGE, entering_form, solution_form_page, words_asked


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The likely ones first, then what was searched for. A POST names one."""
    system = editable_system(request, uuid)
    if request.method == "POST":
        return _named(request, system)
    query = words_asked(request)
    same_world = _choices(request, system)
    found = same_world.named(query).select_related("organization").with_users().order_by("sort_key", "pk")
    context = {
        "system": system,
        "query": query,
        "likely": [] if query else likely_solutions(system, person(request)),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "back": _back(system),
    }
    return render(request, "registry/solution_choice.html", context)


def _named(request: HttpRequest, system: AISystem) -> HttpResponse:
    sent = NamedSolution(request.POST)
    if not sent.is_valid() or not sent.cleaned_data["solution"]:
        raise InvalidInput(_("Choose one of the solutions of the list."))
    chosen = get_object_or_404(_choices(request, system), uuid=sent.cleaned_data["solution"])
    use_solution(system=system, solution=chosen, seen=sent.seen, by=person(request))
    messages.success(request, _("This system is now a use of “%(name)s”.") % {"name": chosen.name})
    return SeeOther(_back(system))


@require_http_methods(["GET", "HEAD", "POST"])
def enter_for(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A solution that no body has described yet, named by this system at once."""
    system = editable_system(request, uuid)
    form = entering_form(request, Organization.objects.filter(pk=system.organization_id))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        try:
            made = enter_solution(
                organization=form.body, answers=form.answers, system=system, by=person(request), request_key=key
            )
            messages.success(request, _("This system is now a use of “%(name)s”.") % {"name": made.name})
            return SeeOther(_back(system))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    back = reverse("registry:choose_solution", args=[uuid])
    return solution_form_page(request, form, title=_("Enter the solution of this system"), back=back, system=system)


@require_POST
def detach(request: HttpRequest, uuid: UUID) -> HttpResponse:
    system = editable_system(request, uuid)
    sent = NamedSolution(request.POST)
    seen = (sent.seen if sent.is_valid() else None) or system.solution
    if seen is not None:
        detach_solution(system=system, seen=seen, by=person(request))
    messages.success(
        request, _("This system names no solution any more. The public will read it with its next version.")
    )
    return SeeOther(_back(system))


def _choices(request: HttpRequest, system: AISystem) -> SolutionQuerySet:
    seen = Solution.objects.visible_to(person(request))
    return seen.filter(organization__is_demonstration=system.organization.is_demonstration)


def _back(system: AISystem) -> str:
    return (
        reverse("registry:section", args=[system.uuid, CATALOGUE.shared_part("solution_facts").section]) + "#solution"
    )
