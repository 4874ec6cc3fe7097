"""Public pages read under a database role that sees publications and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponse]


class PublicRoleMiddleware:
    """A reading of a page of this room runs in a transaction under `vigie_public`.

    A mistake in a public view then meets «permission denied» instead of showing a draft. Writing (an error reported
    by a visitor) goes through the intake service of its room, under the role of the program.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not is_public(request.path_info):
            return self.get_response(request)
        with as_visitor(request), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {settings.PUBLIC_DATABASE_ROLE}")
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            _leave_role()
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


def _leave_role() -> None:
    """Back to the program's own role, also inside the transaction of a test; a broken transaction is given up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    except DatabaseError:
        transaction.set_rollback(True)


def is_public(path: str) -> bool:
    try:
        return resolve(path).app_name == "transparency"
    except Resolver404:
        return False
