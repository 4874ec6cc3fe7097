"""Refusals that come before or outside a view: a program gets a problem, a person gets a page."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from core.rest.problems import BY_CODE, MEDIA_TYPE, body_of

PREFIX = "/api/"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)


def _problem(code: str) -> HttpResponse:
    kind = BY_CODE[code]
    return JsonResponse(body_of(kind), status=kind.status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request):
        return _problem("malformed")
    if not isinstance(exception, TOO_MUCH):
        return defaults.bad_request(request, exception)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"message": _too_much(), "refused": True}, status=400)  # said, and tried again
    request.POST = QueryDict()  # type: ignore[misc, assignment]  # nothing of it was read; the page looks for it
    return render(request, "400.html", {"sentence": _too_much()}, status=400)


def _too_much() -> str:
    return _(
        "It holds more than a page may send: at most 2 million characters and 10,000 answers at once."
        " Shorten the text, or join the long list as a file. Nothing was changed."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem("forbidden") if is_for_programs(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem("not-found") if is_for_programs(request) else defaults.page_not_found(request, exception)


def fault(request: HttpRequest, *arguments: Any) -> HttpResponse:
    return _problem("fault") if is_for_programs(request) else defaults.server_error(request)
