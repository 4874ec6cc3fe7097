"""What happens around every request: its id, privacy of its answer, refusals turned into pages."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from core.rest.errors import is_for_programs
from core.services import EditConflict, InvalidInput, NotAllowed, NotPossibleNow, settled
from core.services.opened_by import refused_to_another

Answer = Callable[[HttpRequest], HttpResponse]
UNUSED_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
REQUEST_ID = re.compile(r"[0-9a-zA-Z-]{8,36}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NOT_THIS_METHOD = 405
PAGES = ((NotAllowed, "403.html", 403), (NotPossibleNow, "409.html", 409), (InvalidInput, "400.html", 422))


class RequestIdMiddleware:
    """One id per request, bound to its logs, events and jobs, and given back in the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class PrivateByDefaultMiddleware:
    """No cache keeps a page unless its view says so; features of the browser nobody here needs are off."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", UNUSED_FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class AddressMiddleware:
    """No address of ours holds a control character, and the database refuses one of them: nothing is there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if CONTROL.search(request.path_info):
            raise Http404
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Whoever is not signed in is sent to sign in; what they had just sent is not dropped on the way (rule 7).

    A form of ours comes with the `Origin` that the check of tokens has compared with this site: a text that another
    site wrote is not shown.
    """

    def handle_no_permission(  # type: ignore[override]  # its caller takes any answer
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        is_script = "X-Requested-With" in request.headers or "HX-Request" in request.headers
        is_form = "Origin" in request.headers and not is_script
        if not is_form or not any(name != "csrfmiddlewaretoken" for name in request.POST):
            return super().handle_no_permission(request, view_func)
        return render(request, "403_signed_out.html", status=403)


def _is_empty_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """«Not this method», as Django's decorators say it: with nothing to read. Programs have their own answers."""
    return response.status_code == NOT_THIS_METHOD and not is_for_programs(request) and not response.content


def _is_autosave(request: HttpRequest) -> bool:
    """A page that saves by itself: its script says the sentence beside what is typed."""
    is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return is_script and request.method == "POST" and "autosave" in request.POST


def _as_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    page = render(request, "405.html", status=NOT_THIS_METHOD)
    page["Allow"] = response["Allow"]
    return page


class RefusalMiddleware:
    """The refusals of services as pages: 403, 409 and 422, each with its sentence; a conflict with both texts. What
    that page sends back is read here too: views get the form that they know, sent by whoever opened it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _as_page(request, response) if _is_empty_refusal(request, response) else response

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # What has no token is no page: programs read their own bodies.
        if request.method != "POST" or getattr(view_func, "csrf_exempt", False):
            return None
        if "settle" in request.POST:
            request.POST = settled(request.POST)  # type: ignore[assignment]
        return refused_to_another(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, EditConflict):
            context = {"conflict": error, "is_own": error.is_all_by(getattr(request, "user", None))}
            return render(request, "409.html", context, status=409)
        for refusal, template, status in PAGES:
            if isinstance(error, refusal) and _is_autosave(request):
                return JsonResponse({"message": error.sentence, "refused": True}, status=status)
            if isinstance(error, refusal):
                return render(request, template, {"sentence": error.sentence, "instead": error.instead}, status=status)
        return None
