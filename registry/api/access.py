"""Who may call: a person with a function, in their own session or through a token with the scope of the operation."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.rest.conditions import own
from core.rest.problems import Problem
from core.rest.throttling import StaffThrottle
from core.rest.view import ApiView
from core.services import NotAllowed, answered_once
from organizations.models import AccessToken, User
from organizations.workflow import Scope
from registry import permissions
from registry.models import AISystem

Made = TypeVar("Made", bound=models.Model)
LONGEST_KEY = 255
# Of every writing operation.
REFUSALS = ("malformed", "signed-out", "forbidden", "narrow-token", "too-large", "media-type", "invalid")


class Scoped(BasePermission):
    """Signed in, or a token with the scope that the method needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User):
            return False
        # What HEAD tells is what GET would.
        method = "GET" if request.method == "HEAD" else str(request.method)
        needed = cast("StaffView", view).scopes.get(method)
        if isinstance(request.auth, AccessToken) and needed and needed not in request.auth.scopes:
            told = _("This token lacks the scope “%(scope)s”.") % {"scope": needed.value}
            door = f'Bearer error="insufficient_scope", scope="{needed.value}"'
            raise Problem("narrow-token", told, headers={"WWW-Authenticate": door}, scope=needed.value)
        return True


class StaffView(ApiView):
    """`scopes`: which scope a token needs, by method."""

    scopes: ClassVar[dict[str, Scope]] = {}
    permission_classes = [Scoped]
    throttle_classes = [StaffThrottle]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        return super().finalize_response(request, own(request, response), *args, **kwargs)


def person(request: Request) -> User:
    """Who calls; the permission let nobody else come here."""
    return cast(User, request.user)


def system_in_scope(request: Request, uuid: UUID) -> AISystem:
    """The system, if this person may see it; else 404, as if there were none."""
    seen = AISystem.objects.visible_to(person(request)).select_related("organization")
    return get_object_or_404(seen, uuid=uuid)


def editable_system(request: Request, uuid: UUID) -> AISystem:
    """The system, for somebody who may change it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_edit(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    return system


def what_is_sent(shape: Any, request: Request, **options: Any) -> dict[str, Any]:
    """The members of the request, as `shape` reads them."""
    serializer = shape(data=request.data, **options)
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def once(request: Request, act: Callable[[], Made]) -> Made:
    """Run `act`, the whole of a write; with an Idempotency-Key, once. Every write of this API comes through here.

    What may stand in the way of a write is asked inside `act`: the version of If-Match, the row of the address, the
    answers as they are stored. A program that lost the first answer gets it again, though all of these changed since,
    by its own write to begin with. Only whether this person may write is asked before.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Problem("malformed", _("Idempotency-Key has from 1 to %(most)d characters.") % {"most": LONGEST_KEY})
    return answered_once(key=key, fingerprint=_fingerprint(request), by=person(request), act=act)


def _fingerprint(request: Request) -> str:
    told: Any = [request.method, request.path, request.data]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
