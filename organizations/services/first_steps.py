"""The first account of a new site: whoever runs the server prints a link, whoever opens it founds the first body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.models.actor import NamedJob
from core.services import InvalidInput, NotPossibleNow
from organizations.models import Membership, User
from organizations.services.accounts import open_account
from organizations.services.links import FirstLink
from organizations.services.locks import Lock, hold
from organizations.services.members import add_membership
from organizations.services.sheets import create_organization
from organizations.workflow import Role

FIRST_STEPS = NamedJob("first_steps")


@dataclass(frozen=True)
class Founder:
    """The first person of the site, as they typed themselves."""

    email: str
    name: str
    password: str
    language: str


@transaction.atomic
def begin_platform(*, link: FirstLink, founder: Founder, sigle: str, name_fr: str, values: Mapping[str, Any]) -> User:
    """Open the first account and the first body; the person operates the platform and administers the body.

    Raises `NotPossibleNow` once somebody operates the platform: the link is dead then.
    """
    hold(Lock.PLATFORM)
    if is_operated():
        raise NotPossibleNow(_("This site has begun already: sign in, or ask its operation for an invitation."))
    if link.email and link.email != founder.email.strip().lower():
        raise InvalidInput(_("This link was made for another e-mail address."), field="email")
    user = open_account(
        user=User(),
        email=founder.email,
        name=founder.name,
        language=founder.language,
        password=founder.password,
        by=FIRST_STEPS,
        is_verified=True,
    )
    organization = create_organization(sigle=sigle, name_fr=name_fr, values=values, by=FIRST_STEPS)
    for role in (Role.PLATFORM_ADMIN, Role.ORGANIZATION_ADMIN):
        add_membership(organization=organization, user=user, role=role, by=FIRST_STEPS)
    return user


def is_operated() -> bool:
    """Whether somebody operates the platform today."""
    today = clock.civil_date(clock.now())
    return Membership.objects.filter(role=Role.PLATFORM_ADMIN, user__is_active=True).in_force(today).exists()
