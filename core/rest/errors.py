"""Refusals that come before or outside a view: a program gets a problem, a person gets a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from core.rest.problems import BY_CODE, MEDIA_TYPE, body_of

PREFIX = "/api/"


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)


def _problem(code: str) -> HttpResponse:
    kind = BY_CODE[code]
    return JsonResponse(body_of(kind), status=kind.status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem("malformed") if is_for_programs(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem("forbidden") if is_for_programs(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem("not-found") if is_for_programs(request) else defaults.page_not_found(request, exception)


def fault(request: HttpRequest, *arguments: Any) -> HttpResponse:
    return _problem("fault") if is_for_programs(request) else defaults.server_error(request)
