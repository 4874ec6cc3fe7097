"""What every public page shares: its menu, how long a cache may keep it, the rule that opens it to everybody."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.public.site import is_demonstration_site
from transparency.views.addresses import addresses_of

View = Callable[..., HttpResponseBase]

SECONDS_KEPT = 60
SYSTEM_PAGES = {"search", "system", "version", "full", "full_version", "differences", "solution"}


class SeeOther(HttpResponseRedirect):
    """After a form was accepted: read the answer there."""

    status_code = 303


def public_page(view: View) -> View:
    """Open to everybody, for reading."""
    opened: View = require_http_methods(["GET", "HEAD"])(login_not_required(view))
    return opened


def public_form(view: View) -> View:
    """Open to everybody, for reading and for handing in."""
    opened: View = require_http_methods(["GET", "HEAD", "POST"])(login_not_required(view))
    return opened


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that is the same for everybody; caches may keep it for a minute."""
    response = show_unkept(request, template, context, status=status)
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response


def show_unkept(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with a form or for one visitor: no cache keeps it.

    In the context, `told_at`: the path of the page that tells the same; `no_index`: what search engines leave out.
    """
    around = {
        "addresses": addresses_of(request, context.get("told_at", "")),
        # On paper a page says where it was.
        "printed_at": settings.PUBLIC_URL + iri_to_uri(request.get_full_path()),
        "navigation": navigation(request),
        "is_demonstration_site": SimpleLazyObject(is_demonstration_site),
        "messages": (),
    }
    return render(request, template, around | context, status=status)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    entries = [
        (_("Find a system"), "search", SYSTEM_PAGES),
        (_("Public bodies"), "bodies", {"bodies", "body"}),
        (_("Registers from elsewhere"), "elsewhere", {"elsewhere", "foreign_system"}),
        (_("Must I declare?"), "scope", {"scope", "scope_answer"}),
        (_("Open data"), "data", {"data", "dictionary", "corrections", "strategy"}),
        (_("About"), "about", {"about"}),
    ]
    return [
        {"label": label, "url": reverse(f"transparency:{name}"), "current": here in names}
        for label, name, names in entries
    ]
