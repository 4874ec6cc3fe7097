"""The door of invited persons: their link, how often, what is said of one that opens nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.views import APIView

from assessments.models import GuestAccess
from assessments.questionnaires import Question
from assessments.services.guests import find_guest, is_open_to
from core.rest.throttling import GuestThrottle

View = Callable[..., HttpResponseBase]
TOO_MANY = 429


def for_guest(view: View) -> View:
    """The view of a good link, with its invitation. Any other link: 404, and whom to ask. Nothing of it is kept by a
    cache nor found by a search engine.
    """

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, secret: str, **parts: Any) -> HttpResponseBase:
        guest = find_guest(secret)
        throttle = GuestThrottle(guest.actor_ref if guest else "")
        if not throttle.allow_request(cast(Request, request), cast(APIView, None)):
            return _apart(render(request, "429.html", status=TOO_MANY))
        if guest is None or not is_open_to(guest):
            return _apart(render(request, "assessments/guests/over.html", {"guest": guest}, status=404))
        return _apart(view(request, guest, **parts))

    return opened


def _apart(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def named_question(guest: GuestAccess, code: str) -> Question:
    """One of those that this person is asked; any other is not there."""
    question = guest.assessment.questionnaire.by_id.get(code)
    if question is None or code not in guest.questions:
        raise Http404
    return question


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Another page of the same link."""
    match = request.resolver_match
    return reverse(f"guests:{name}", args=[match.kwargs["secret"] if match else "", *args])


def guest_context(request: HttpRequest, guest: GuestAccess) -> dict[str, Any]:
    """What every page of an invited person shows: who invited them, for which body, until when."""
    match = request.resolver_match
    return {
        "guest": guest,
        "secret": match.kwargs["secret"] if match else "",
        "organization": guest.assessment.organization,
        "demonstration": guest.assessment.organization.is_demonstration,
    }
