"""Refusals told to programs: RFC 9457, in the reader's language, each of a kind that the documentation explains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import category

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from core.services import Difference, EditConflict, InvalidInput, KeyReused, NotAllowed, NotPossibleNow

MEDIA_TYPE = "application/problem+json"
# Leads to the documentation in the reader's language; the part after # stays the same in every language.
TYPE_BASE = "/api/#"


@dataclass(frozen=True)
class Kind:
    """One kind of refusal. `title` says what happened, `remedy` what to do."""

    code: str
    status: int
    title: Any
    remedy: Any


KINDS = (
    Kind(
        "malformed",
        400,
        gettext_lazy("The request cannot be read"),
        gettext_lazy("Send one JSON object in UTF-8, with fewer than 20 levels."),
    ),
    Kind(
        "invalid-query",
        400,
        gettext_lazy("A parameter of the address, or its value, is not known"),
        gettext_lazy("Use the parameters and the values that the answer lists."),
    ),
    Kind(
        "signed-out",
        401,
        gettext_lazy("Nobody is known to be calling"),
        gettext_lazy("Send a token that is in force in the Authorization header."),
    ),
    Kind(
        "forbidden",
        403,
        gettext_lazy("This person may not do this"),
        gettext_lazy("Ask for the function in the body that allows it."),
    ),
    Kind(
        "narrow-token",
        403,
        gettext_lazy("This token may not do this"),
        gettext_lazy("Create a token with the scope that the answer names."),
    ),
    Kind(
        "not-found",
        404,
        gettext_lazy("Nothing is at this address"),
        gettext_lazy("Check the address; it ends with a slash. What one may not see is not found either."),
    ),
    Kind(
        "method",
        405,
        gettext_lazy("This address does not take this method"),
        gettext_lazy("Use one of the methods of the Allow header."),
    ),
    Kind(
        "not-json",
        406,
        gettext_lazy("Only JSON can be given"),
        gettext_lazy("Send Accept: application/json, or nothing."),
    ),
    Kind(
        "not-now",
        409,
        gettext_lazy("Its present state does not allow it"),
        gettext_lazy("Read it again: the sentence says what is waited for."),
    ),
    Kind(
        "gone",
        410,
        gettext_lazy("This version was withdrawn"),
        gettext_lazy("Its number, date and digest stay; its content is told no more."),
    ),
    Kind(
        "stale",
        412,
        gettext_lazy("Somebody changed what you read"),
        gettext_lazy("Compare both texts of each conflict, read it again, then send with its new ETag."),
    ),
    Kind(
        "weak-tag",
        412,
        gettext_lazy("If-Match needs the ETag as it was read"),
        gettext_lazy("Send If-Match without W/ before the ETag: a weak one cannot say which version is changed."),
    ),
    Kind("too-large", 413, gettext_lazy("The request is too large"), gettext_lazy("Send at most 1 MB.")),
    Kind(
        "media-type",
        415,
        gettext_lazy("This kind of content is not read here"),
        gettext_lazy("Send Content-Type: application/json; a file, multipart/form-data."),
    ),
    Kind(
        "invalid",
        422,
        gettext_lazy("Something in the request must be corrected"),
        gettext_lazy("Each member of “errors” names a field and says what it expects."),
    ),
    Kind(
        "key-reused",
        422,
        gettext_lazy("This Idempotency-Key was sent with another request"),
        gettext_lazy("Draw a new key for each new request; send a key again only with the very same request."),
    ),
    Kind(
        "condition-needed",
        428,
        gettext_lazy("The change must say which version it is based on"),
        gettext_lazy("Read what you change, then send If-Match with its ETag."),
    ),
    Kind(
        "too-often",
        429,
        gettext_lazy("Too many requests"),
        gettext_lazy("Wait for the seconds of the Retry-After header."),
    ),
    Kind(
        "fault",
        500,
        gettext_lazy("Vigie failed"),
        gettext_lazy("Try again; if it fails again, give the X-Request-ID header to whoever operates the platform."),
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}


class Problem(exceptions.APIException):
    """A refusal of an interface itself. `more`: extension members."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        self.kind = BY_CODE[code]
        self.sentence, self.headers, self.more = detail, dict(headers or {}), more
        super().__init__(detail or str(self.kind.title))


def body_of(kind: Kind, detail: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem; without a sentence of its own, what to do in general."""
    told = {"type": TYPE_BASE + kind.code, "title": str(kind.title), "status": kind.status}
    return told | {"detail": detail or str(kind.remedy)} | more


def answer(kind: Kind, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    body = body_of(kind, detail, **more)
    return Response(body, status=kind.status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Named in the settings: every exception of a view that has a sentence. A fault has none, and goes on."""
    if isinstance(error, Problem):
        return answer(error.kind, error.sentence, headers=error.headers, **error.more)
    return _of_a_service(error) or _of_the_framework(error)


def _of_a_service(error: Exception) -> Response | None:
    if isinstance(error, EditConflict):
        conflicts = [_conflict(one) for one in error.differences]
        told = "" if conflicts else _("Read it again, then send with its new ETag.")
        return answer(BY_CODE["stale"], told, current=f'"{error.current_version}"', conflicts=conflicts)
    if isinstance(error, NotAllowed):
        return answer(BY_CODE["forbidden"], error.sentence)
    if isinstance(error, NotPossibleNow):
        more: dict[str, Any] = {"existing": error.existing} if error.existing else {}
        return answer(BY_CODE["not-now"], error.sentence, **more)
    if isinstance(error, KeyReused):
        return answer(BY_CODE["key-reused"], error.sentence)
    if isinstance(error, InvalidInput):
        errors = [{"field": one.field, "detail": one.sentence} for one in error.every]
        return answer(BY_CODE["invalid"], error.sentence, errors=errors)
    return None


def _conflict(one: Difference) -> dict[str, Any]:
    stored, sent = _plain(one.stored_value), _plain(one.typed_value)
    return {"field": one.field, "label": one.label, "stored": stored, "sent": sent}


def _plain(value: Any) -> Any:
    """A number is a number, also in a conflict."""
    return float(value) if isinstance(value, Decimal) else value


FRAMEWORK: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ParseError, "malformed"),
    (exceptions.NotAuthenticated, "signed-out"),
    (exceptions.AuthenticationFailed, "signed-out"),
    (exceptions.PermissionDenied, "forbidden"),
    (PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not-found"),
    (Http404, "not-found"),
    (exceptions.MethodNotAllowed, "method"),
    (exceptions.NotAcceptable, "not-json"),
    (exceptions.UnsupportedMediaType, "media-type"),
    (exceptions.Throttled, "too-often"),
    (SuspiciousOperation, "malformed"),
    (BadRequest, "malformed"),
)


def _of_the_framework(error: Exception) -> Response | None:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        return answer(BY_CODE["invalid"], errors[0]["detail"] if errors else "", errors=errors)
    for known, code in FRAMEWORK:
        if isinstance(error, known):
            return answer(BY_CODE[code], _sentence(error), headers=_headers(error))
    return None


def _sentence(error: Exception) -> str:
    """What a refusal of ours says; the general one for those of the framework."""
    is_ours = isinstance(error, (exceptions.AuthenticationFailed, exceptions.ParseError))
    return str(getattr(error, "detail", "")) if is_ours else ""


def _headers(error: Exception) -> dict[str, str]:
    told = {"WWW-Authenticate": getattr(error, "auth_header", None), "Retry-After": getattr(error, "wait", None)}
    return {name: str(int(value) if name == "Retry-After" else value) for name, value in told.items() if value}


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Errors of fields inside fields: `answers.phase`, `answers.affected.0`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            inside = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, inside)
    elif isinstance(detail, list) and any(isinstance(one, (dict, list)) for one in detail):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{place}" if path else str(place))
    else:
        for one in detail if isinstance(detail, list) else [detail]:
            yield {"field": path, "detail": str(one)}


def invalid(errors: Mapping[str, list[str]], *, prefix: str = "") -> Problem:
    """The errors of a form of ours, as those of a request."""
    told = [{"field": prefix + name, "detail": one} for name, found in errors.items() for one in found]
    return Problem("invalid", told[0]["detail"], errors=told)


def check_parameters(given: QueryDict, known: list[str]) -> None:
    """No look-up of the ORM, no misspelt filter that would silently answer everything, no character that hides."""
    for name, values in given.lists():
        if name not in known:
            raise unknown_parameter(name, known)
        if any(category(char) == "Cc" for value in values for char in value):
            told = _("The parameter “%(name)s” holds a control character: send its words alone.") % {"name": name}
            raise Problem("invalid-query", told, parameter=name)


def unknown_parameter(name: str, allowed: list[str]) -> Problem:
    if not allowed:
        told = _("The parameter “%(name)s” is not known: this address takes none.")
        return Problem("invalid-query", told % {"name": short(name)}, allowed=allowed)
    told = _("The parameter “%(name)s” is not known. Those that are: %(allowed)s.")
    return Problem("invalid-query", told % {"name": short(name), "allowed": ", ".join(allowed)}, allowed=allowed)


def unknown_value(name: str, value: str, allowed: list[str]) -> Problem:
    told = _("“%(value)s” is no value of the parameter “%(name)s”. Those that are: %(allowed)s.")
    words = {"name": name, "value": short(value), "allowed": ", ".join(allowed)}
    return Problem("invalid-query", told % words, parameter=name, allowed=allowed)


def short(text: str) -> str:
    """What a stranger sent, given back: without what a log or a terminal would obey, and not whole."""
    printable = "".join(char for char in text if char.isprintable())
    return printable[:60] + ("…" if len(printable) > 60 else "")
