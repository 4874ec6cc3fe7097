"""Who calls the API: a program by the token of a person, or a person signed in."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from organizations.models import AccessToken, User
from organizations.services.tokens import note_use, person_through
from organizations.workflow import Scope

WORD = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer vigie_…`. Another scheme is not ours to judge; a token that is not good is refused."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        word, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != WORD.lower():
            return None
        person = person_through(secret.strip())
        if person is None or person.through is None:
            raise AuthenticationFailed(
                _("This access token opens nothing: it is unknown, expired or revoked, or its person may do nothing.")
            )
        note_use(token=person.through, by=person)
        return person, person.through

    def authenticate_header(self, request: Request) -> str:
        return f'{WORD} realm="Vigie"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by its class
    """How the description of the API names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        told = _("An access token made in “My access tokens”. It acts with the rights of its person, and its scopes.")
        scopes = {scope.value: str(scope.label) for scope in Scope}
        return {"type": "http", "scheme": "bearer", "bearerFormat": "vigie_…", "description": told, "x-scopes": scopes}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]] | list[dict[str, list[Any]]]:
        """With the scope that the operation asks of a token; none when no token opens it."""
        if auto_schema.method in getattr(auto_schema.view, "by_hand", ()):
            return []
        needed = getattr(auto_schema.view, "scopes", {}).get(auto_schema.method)
        return {self.name: [needed.value] if needed else []}
