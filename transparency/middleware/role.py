"""Public pages read under a database role that sees publications and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from psycopg.errors import QueryCanceled

from transparency.middleware.kept_pages import kept_or_made

Answer = Callable[[HttpRequest], HttpResponse]
BUSY = 503
SECONDS_BEFORE_AGAIN = "30"
log = structlog.get_logger(__name__)


class PublicRoleMiddleware:
    """A reading of a page of this room runs in a transaction under `vigie_public`.

    A mistake in a public view then meets «permission denied» instead of showing a draft. Writing (an error reported
    by a visitor) goes through the intake service of its room, under the role of the program. A question that the
    database takes too long to answer is given up: one visitor does not stop the others.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _public_match(request.path_info) if request.method in {"GET", "HEAD"} else None
        if match is None:
            return self.get_response(request)
        with as_visitor(request):
            return kept_or_made(request, match, make=self._make)

    def _make(self, request: HttpRequest) -> HttpResponse:
        request.is_public_reading = True  # type: ignore[attr-defined]
        with transaction.atomic():
            _take_role()
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            _leave_role()
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The transaction is lost: the page that says so asks the database nothing."""
        if not hasattr(request, "is_public_reading") or not isinstance(error.__cause__, QueryCanceled):
            return None
        log.warning("public page given up", path=request.path)
        response = render(request, "503.html", status=BUSY)
        response["Retry-After"] = SECONDS_BEFORE_AGAIN
        return response


@contextmanager
def as_visitor(request: HttpRequest) -> Iterator[None]:
    """A public page is the same for everybody: it knows no person and leaves the messages to the next staff page.

    Reading either would look at the session, which the role may not, and would make the page private.
    """
    person, messages = request.user, request.__dict__.pop("_messages", None)
    request.user = AnonymousUser()
    try:
        yield
    finally:
        request.user = person
        if messages is not None:
            request.__dict__["_messages"] = messages


def _take_role() -> None:
    """Until the end of the transaction. Whole tables are read only when no index answers: the database takes comparing
    words for as cheap as comparing numbers, and would read every sheet. Compiling a question costs more than it takes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL ROLE {settings.PUBLIC_DATABASE_ROLE};"
            f" SET LOCAL statement_timeout = {settings.PUBLIC_QUERY_SECONDS * 1000};"
            " SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 1.1; SET LOCAL jit = off"
        )


def _leave_role() -> None:
    """Back to the program's own role, also inside the transaction of a test; a broken transaction is given up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "RESET ROLE; RESET statement_timeout; RESET enable_seqscan; RESET random_page_cost; RESET jit"
            )
    except DatabaseError:
        transaction.set_rollback(True)


def _public_match(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.app_name == "transparency" else None


def is_public(path: str) -> bool:
    return _public_match(path) is not None
