"""What changed between any two versions of a sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.public.differences import differences_between
from registry.public.sheet import Version, find_sheet
from transparency.views.page import public_page, show
from transparency.views.systems import known, page_of

NOT_FOUND = 404


@public_page
def differences(request: HttpRequest, reference: str) -> HttpResponse:
    """Two versions chosen in a form; the last two without it. Of a withdrawn sheet nothing is compared."""
    sheet = known(find_sheet(reference))
    if not sheet.is_shown:
        return HttpResponseRedirect(reverse("transparency:system", args=[reference]))
    context = page_of(sheet)
    versions: dict[int, Version] = {version.number: version for version in context["history"]}
    latest = sheet.current_number
    older, newer = sorted((_asked(request, "de", max(latest - 1, 1)), _asked(request, "a", latest)))
    context |= {"older": versions.get(older), "newer": versions.get(newer)}
    if older not in versions or newer not in versions:
        context["problem"] = _("This sheet has no such version: choose two from the lists.")
        return show(request, "transparency/differences.html", context, status=NOT_FOUND)
    context["sections"] = differences_between(reference, older, newer) if older != newer else ()
    context["notes"] = _notes(context["history"], older, newer)
    return show(request, "transparency/differences.html", context)


def _asked(request: HttpRequest, name: str, otherwise: int) -> int:
    """The number in the address; what is none there leads to a sentence, never to an error."""
    value = request.GET.get(name, "")
    if not value:
        return otherwise
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else 0


def _notes(history: list[Version], older: int, newer: int) -> list[Any]:
    """What the body said of each version in between, latest first."""
    return [version for version in history if older < version.number <= newer]
