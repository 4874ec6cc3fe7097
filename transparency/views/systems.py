"""Reading the sheet of a system."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from organizations.public import (
    MovedTo,
    PublicBodyPage,
    by_kind,
    public_body,
    remedies_for,
    rights_for,
)
from registry.public.sheet import Sheet, find_sheet, history_of
from registry.public.solutions import WhoElse, who_else
from transparency.serializers.linked_data import sheet_as_work
from transparency.views.page import SECONDS_KEPT, public_page, show

GONE = 410


@public_page
def system(request: HttpRequest, reference: str) -> HttpResponse:
    """The version shown now: a sheet, a line «déclaré, fiche à venir», or the trace of a withdrawal."""
    sheet = known(find_sheet(reference))
    context = page_of(sheet)
    return show(request, "transparency/system.html", context | {"linked_data": sheet_as_work(sheet, context["body"])})


@public_page
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The permanent address of one version. Of a withdrawn sheet, only number, date and digest remain."""
    sheet = known(find_sheet(reference, number))
    told_at = reverse("transparency:system", args=[reference])
    context = page_of(sheet) | {"is_permalink": True, "told_at": told_at}
    return show(request, "transparency/system.html", context, status=200 if sheet.is_readable else GONE)


@public_page
def version_json(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The document itself, byte for byte what the digest was computed from."""
    sheet = known(find_sheet(reference, number))
    if not sheet.is_readable:
        return gone(sheet)
    response = HttpResponse(sheet.canonical_json, content_type="application/json; charset=utf-8")
    response["ETag"] = f'"{sheet.version.digest}"'
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response


def gone(sheet: Sheet) -> HttpResponse:
    """Instead of the file of a version that was withdrawn, or that the law keeps from the public."""
    told = {
        "number": sheet.version.number,
        "reference": sheet.reference,
        "address": settings.PUBLIC_URL + reverse("transparency:system", args=[sheet.reference]),
    }
    sentence = _("Version %(number)d of %(reference)s is no longer public. What is said of it today: %(address)s")
    return HttpResponse(f"{sentence % told}\n", status=GONE, content_type="text/plain; charset=utf-8")


@public_page
def canonical(request: HttpRequest, reference: str, rest: str = "") -> HttpResponse:
    """A number typed without its accent or in small letters leads to its one address."""
    address = reverse("transparency:system", args=[reference]) + iri_to_uri(rest)
    if address == iri_to_uri(request.path):
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def known(sheet: Sheet | None) -> Sheet:
    if sheet is None:
        raise Http404
    return sheet


def page_of(sheet: Sheet) -> dict[str, Any]:
    body = current_body(sheet.body.slug)
    regimes = body.facts.regimes if body else sheet.body.regimes
    remedies = remedies_for(regimes)
    return {
        "sheet": sheet,
        "who_else": _who_else(sheet),
        "history": history_of(sheet),
        "body": body,
        "contact": _contact(sheet, body),
        "remedies": by_kind(remedies),
        "rights": rights_for(sheet.autonomy, sheet.personal_information, regimes),
        "demonstration": sheet.is_demonstration,
        # An earlier version would mislead whoever finds it; of a withdrawn sheet nothing is left to find.
        "no_index": not sheet.is_current or sheet.kind == "withdrawn",
    }


def _who_else(sheet: Sheet) -> WhoElse | None:
    """Of today, whichever version is read."""
    if sheet.solution is None:
        return None
    return who_else(sheet.solution.identifier, reference=sheet.reference, body_slug=sheet.body.slug)


def current_body(slug: str) -> PublicBodyPage | None:
    """The body that answers today, also when the one that published was renamed or merged."""
    found = public_body(slug)
    if isinstance(found, MovedTo):
        found = public_body(found.slug)
    return found if isinstance(found, PublicBodyPage) else None


def _contact(sheet: Sheet, body: PublicBodyPage | None) -> dict[str, Any]:
    """Of today where the body still has a public sheet, so that nobody telephones a number of another year."""
    now = body.facts if body else sheet.body
    return {
        "name": body.name if body else sheet.body.name,
        "unit": sheet.unit,
        "phone": sheet.phone or now.phone,
        "email": sheet.email or now.email,
        "address": now.postal_address,
    }
