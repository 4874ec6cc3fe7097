"""Every public field of one version, for whoever studies the register."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from registry.public.sheet import find_sheet
from transparency.views.page import public_page, show
from transparency.views.systems import known, page_of


@public_page
def full(request: HttpRequest, reference: str) -> HttpResponse:
    """The version shown now. A line or the trace of a withdrawal has no more to say than its usual page."""
    sheet = known(find_sheet(reference))
    if not sheet.has_sheet:
        return HttpResponseRedirect(reverse("transparency:system", args=[reference]))
    return show(request, "transparency/full.html", page_of(sheet))


@public_page
def full_version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The permanent address of one version, whole."""
    sheet = known(find_sheet(reference, number))
    if not sheet.has_sheet:
        return HttpResponseRedirect(reverse("transparency:version", args=[reference, number]))
    told_at = reverse("transparency:full", args=[reference])
    return show(request, "transparency/full.html", page_of(sheet) | {"is_permalink": True, "told_at": told_at})
