"""Access tokens: made by a person for their own programs, ended at any moment, never stronger than the person."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor, record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, created_once
from core.text import clean_line
from organizations.models import AccessToken, User
from organizations.permissions import forget_known_permissions, permissions_by_body
from organizations.services.links import digest
from organizations.services.messages import send_later
from organizations.workflow import Scope

# By which a secret left in a file or in a log is recognized.
MARK = "vigie_"
SHOWN = len(MARK) + 4
LONGEST_LIFE = timedelta(days=366)
MOST = 20


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Sequence[str], expires_on: date, by: User, request_key: UUID | None = None
) -> tuple[AccessToken, str]:
    """A new token and its secret, which nobody can read again: empty when this very form was sent before.

    Raises `NotAllowed` for anybody but the person, signed in; `InvalidInput`; `NotPossibleNow` beyond 20 in force.
    """
    if by.pk != user.pk or by.through:
        raise NotAllowed(_("An access token is made by the person themselves, signed in."))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    told: list[str] = []

    def create() -> AccessToken:
        _check_to_create(user, scopes, expires_on)
        told.append(MARK + secrets.token_urlsafe(32))
        token = AccessToken.objects.create(
            user=user,
            name=_checked_name(name),
            prefix=told[0][:SHOWN],
            digest=digest(told[0]),
            scopes=[scope for scope in Scope.values if scope in scopes],
            expires_on=expires_on,
            created_at=clock.now(),
            created_by=user,
        )
        record(by=by, verb="create_token", thing=token, facts={"scopes": token.scopes, "until": str(expires_on)})
        send_later("token_created", uuid=str(token.uuid))
        return token

    token = created_once(key=request_key, by=by, model=AccessToken, create=create)
    return token, told[0] if told else ""


def _check_to_create(user: User, scopes: Sequence[str], expires_on: date) -> None:
    today = clock.civil_date(clock.now())
    if not scopes or not set(scopes) <= set(Scope.values):
        raise InvalidInput(_("Choose at least one thing that the token may do."), field="scopes")
    if not today <= expires_on <= today + LONGEST_LIFE:
        raise InvalidInput(_("Choose a last day within one year from today."), field="expires_on")
    if AccessToken.objects.filter(user=user).good_on(today).count() >= MOST:
        raise NotPossibleNow(_("You have twenty tokens in force: revoke one that no longer serves."))


def _checked_name(name: str) -> str:
    cleaned = clean_line(name)
    if not cleaned:
        raise InvalidInput(_("Give the token a name: it says which program uses it."), field="name")
    check_length(cleaned, AccessToken, "name")
    return cleaned


@transaction.atomic
def revoke_token(*, token: AccessToken, by: User) -> AccessToken:
    """The token opens nothing any more, from the next request on. Asked twice, it stays as it is."""
    token = AccessToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if by.pk != token.user_id or by.through:
        raise NotAllowed(_("An access token is revoked by the person themselves, signed in."))
    if token.revoked_at:
        return token
    token.revoked_at, token.revoked_by = clock.now(), by
    token.save(update_fields=["revoked_at", "revoked_by"])
    record(by=by, verb="revoke_token", thing=token)
    return token


def person_through(secret: str) -> User | None:
    """The person for whom this secret acts, with no more than its scopes; nobody when the token is unknown, revoked or
    expired, when the person is blocked, or when nothing is left that they may do.
    """
    if not secret.startswith(MARK):
        return None
    good = AccessToken.objects.good_on(clock.civil_date(clock.now()))
    token = good.select_related("user").filter(digest=digest(secret)).first()
    if token is None:
        return None
    person: User = token.user
    person.through = token
    forget_known_permissions(person)
    return person if any(permissions_by_body(person).values()) else None


@transaction.atomic
def note_use(*, token: AccessToken, by: Actor) -> None:
    """The day of its last use, so that a person sees which of their tokens still serve. Not each call."""
    today = clock.civil_date(clock.now())
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)
