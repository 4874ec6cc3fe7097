"""What every staff page shows around its content: where this person may go, which bodies are theirs."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from organizations.models import Membership, Organization, User
from organizations.permissions import Permission, is_permitted, is_permitted_anywhere


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class UserMenu:
    label: str
    links: list[Link]


@dataclass(frozen=True)
class Workplace:
    """`organizations`: the bodies in which the person holds a function, in the order of names; `administered`: those
    among them whose functions the person gives.
    """

    organizations: list[Organization] = field(default_factory=list)
    navigation: list[Link] = field(default_factory=list)
    user_menu: UserMenu | None = None
    is_demonstration: bool = False
    administered: list[Organization] = field(default_factory=list)


# The one place where this room names pages of those above: by the name of their address, as settings name functions.
# (address, words, permission held in some body; None: everybody signed in)
MENU: tuple[tuple[str, Any, Permission | None], ...] = (
    ("organizations:todo", gettext_lazy("To do"), None),
    ("registry:systems", gettext_lazy("Systems"), Permission.READ_DECLARED),
    ("assessments:assessments", gettext_lazy("Assessments"), Permission.READ_DRAFTS),
    ("reports:reports", gettext_lazy("Reports"), Permission.MAKE_REPORT),
    ("registry:imports", gettext_lazy("Imports"), Permission.IMPORT_REGISTER),
    ("organizations:bodies", gettext_lazy("Bodies and people"), None),
    ("organizations:failed_jobs", gettext_lazy("Platform"), Permission.OPERATE_PLATFORM),
)


def workplace_of(user: User | AnonymousUser, *, here: str = "") -> Workplace:
    """The surroundings of a page at the address `here`. Without an account: the banner of the demonstration, if any."""
    is_demonstration = Organization.objects.filter(is_demonstration=True).exists()
    if not isinstance(user, User) or not user.is_active:
        return Workplace(is_demonstration=is_demonstration)
    held = Membership.objects.filter(user=user).in_force(clock.civil_date(clock.now()))
    own = Organization.objects.filter(pk__in=held.values("organization_id"))
    organizations = list(own.order_by("sort_key", "pk"))
    return Workplace(
        organizations=organizations,
        administered=[body for body in organizations if is_permitted(user, Permission.MANAGE_MEMBERS, body)],
        navigation=_navigation(user, here),
        user_menu=_user_menu(user),
        is_demonstration=is_demonstration,
    )


def _navigation(user: User, here: str) -> list[Link]:
    entries = []
    for name, words, permission in MENU:
        if permission is None or is_permitted_anywhere(user, permission):
            try:
                entries.append((reverse(name), str(words)))
            except NoReverseMatch:  # a room whose pages are not there yet
                continue
    current = _closest([url for url, _words in entries], here)
    return [Link(words, url, url == current) for url, words in entries]


def _closest(addresses: list[str], here: str) -> str:
    """The longest address that the page's own begins with: a sheet is under its list. «À faire» is above all others, so
    it is the current one on its own page only.
    """
    home = reverse("organizations:todo")
    found = [address for address in addresses if here == address or (address != home and here.startswith(address))]
    return max(found, key=len, default="")


def _user_menu(user: User) -> UserMenu:
    links = [Link(_("My account"), reverse("account_profile")), Link(_("Sign-in and security"), reverse("mfa_index"))]
    links.append(Link(_("Ask for access to a body"), reverse("organizations:request_access")))
    return UserMenu(str(user), links)
