"""Public bodies, and what each has published."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from organizations.public import MovedTo, public_body
from registry.public.common_tools import common_tools_of
from registry.public.coverage import counted, coverage, coverage_figures, coverage_of
from registry.public.site import systems_of_body
from transparency.forms import BodyFilters
from transparency.serializers.linked_data import body_as_organization
from transparency.views.page import public_page, show

PAGE_SIZE = 50


@public_page
def bodies(request: HttpRequest) -> HttpResponse:
    """Every public body and where it stands before the register: has published, in progress, no AI, silent."""
    everything = coverage()
    filters = BodyFilters(request.GET)
    found = filters.apply(everything)
    context = {
        "filters": filters,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", "1")),
        "figures": coverage_figures(everything),
        "is_empty": not everything,
        "is_mixed": len(counted(everything)) < len(everything),
        "demonstration": any(row.body.is_demonstration for row in everything),
    }
    return show(request, "transparency/bodies.html", context)


@public_page
def body(request: HttpRequest, slug: str) -> HttpResponse:
    """One body. An old sigle leads to the body of today, which says so."""
    found = public_body(slug)
    if found is None:
        raise Http404
    if isinstance(found, MovedTo):
        address = reverse("transparency:body", args=[found.slug])
        return HttpResponsePermanentRedirect(f"{address}?ancien={slug.lower()}")
    if slug != found.facts.slug:
        return HttpResponsePermanentRedirect(reverse("transparency:body", args=[found.facts.slug]))
    asked = request.GET.get("ancien", "")
    page = systems_of_body(found.slugs, page=request.GET.get("page", "1"))
    context = {
        "body": found,
        "coverage": coverage_of(found, page.paginator.count),
        "common_tools": common_tools_of(found.slugs),
        "page": page,
        "old_name": next((old for old in found.old_names if old.slug == asked), None),
        "demonstration": found.is_demonstration,
        "linked_data": body_as_organization(found),
    }
    return show(request, "transparency/body.html", context)
