"""Who may call: a person with a function, in their own session or through a token with the scope of the operation."""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.rest.conditions import own
from core.rest.problems import Problem
from core.rest.throttling import StaffThrottle
from core.rest.view import ApiView
from organizations.models import AccessToken, User
from organizations.workflow import Scope


class Scoped(BasePermission):
    """Signed in, or a token with the scope that the method needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User):
            return False
        # What HEAD tells is what GET would.
        method = "GET" if request.method == "HEAD" else str(request.method)
        if isinstance(request.auth, AccessToken) and method in cast("StaffView", view).by_hand:
            raise Problem("narrow-token", _("No token does this: a person does, signed in to Vigie."))
        needed = cast("StaffView", view).scopes.get(method)
        if isinstance(request.auth, AccessToken) and needed and needed not in request.auth.scopes:
            told = _("This token lacks the scope “%(scope)s”.") % {"scope": needed.value}
            door = f'Bearer error="insufficient_scope", scope="{needed.value}"'
            raise Problem("narrow-token", told, headers={"WWW-Authenticate": door}, scope=needed.value)
        return True


class StaffView(ApiView):
    """`scopes`: which scope a token needs, by method; `by_hand`: methods that no token opens, for a decision is a
    person's.
    """

    scopes: ClassVar[dict[str, Scope]] = {}
    by_hand: ClassVar[frozenset[str]] = frozenset()
    permission_classes = [Scoped]
    throttle_classes = [StaffThrottle]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        return super().finalize_response(request, own(request, response), *args, **kwargs)


def person(request: Request) -> User:
    """Who calls; the permission let nobody else come here."""
    return cast(User, request.user)
