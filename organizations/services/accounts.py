"""Accounts: opened by oneself, by an invitation or by the first link. An account gives no right by itself."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import Actor, record
from core.services import InvalidInput
from core.text import clean_line
from organizations.models import User


@transaction.atomic
def open_account(
    *,
    user: User,
    email: str,
    name: str,
    language: str,
    password: str | None,
    by: Actor | None = None,
    is_verified: bool = False,
    is_demonstration: bool = False,
) -> User:
    """Save a new account. `is_verified`: the person came by a link that was sent to this address.

    Raises `InvalidInput` when somebody has an account under this e-mail.
    """
    email = clean_line(email).lower()
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidInput(_("There is an account under this e-mail already: sign in instead."), field="email")
    user.email, user.name, user.language = email, clean_line(name), language
    user.is_demonstration = is_demonstration
    user.set_password(password)
    user.save(force_insert=True)
    if is_verified:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    record(by=by or user, verb="open_account", thing=user, facts={"is_verified": is_verified})
    return user


@transaction.atomic
def edit_profile(*, user: User, name: str, language: str, by: User) -> User:
    """The person's name or function, and the language of the messages they receive."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not clean_line(name):
        raise InvalidInput(_("Type your name or your function: the people you work with see it."), field="name")
    user.name, user.language = clean_line(name), language
    user.save(update_fields=["name", "language"])
    record(by=by, verb="edit_profile", thing=user)
    return user


def has_verified(user: User, email: str) -> bool:
    """Whether this person proved that they read this mailbox."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists())


@transaction.atomic
def turn_two_step_off(*, user: User, by: Actor) -> int:
    """For a person who lost telephone, key and codes, once whoever runs the server has checked who asks. The number of
    things that no longer open the account.
    """
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    record(by=by, verb="turn_two_step_off", thing=user, facts={"removed": removed})
    return removed
