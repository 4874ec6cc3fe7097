"""One person for each cell: nobody, somebody without a function, and each function in each of three bodies."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from organizations.models import Organization, User
from organizations.permissions import REACHING_DOWN, ROLE_PERMISSIONS, Permission
from organizations.workflow import Role
from tests.access.words import Word
from tests.factories.organizations import PASSWORD, person

OWN, OTHER, PARENT = "own", "other", "parent"
RELATIONS = (OWN, OTHER, PARENT)
ANONYMOUS, NO_FUNCTION, EVERY_FUNCTION = "anonymous", "no_function", "every_function"
COLUMNS = (ANONYMOUS, NO_FUNCTION, EVERY_FUNCTION, *Role.values)
# The tightest and the widest: the whole suite runs these; `make long` runs everybody.
MAIN = (ANONYMOUS, NO_FUNCTION, EVERY_FUNCTION, Role.READER.value)

# Rooms whose pages show objects of bodies.
STAFF_ROOMS = {"organizations", "registry", "registry_api", "assessments", "assessments_api", "reports", "reports_api"}

Permissions = frozenset[Permission]


@dataclass(frozen=True)
class Visitor:
    """Who asks: the cookie of their session, and what they may do in the body of the table and anywhere."""

    column: str
    relation: str = ""
    session: str = ""
    in_the_body: Permissions = frozenset()
    anywhere: Permissions = frozenset()

    def __str__(self) -> str:
        return f"{self.column}, {self.relation}" if self.relation else self.column


@dataclass
class Crowd:
    """Everybody of the table, by column and relation."""

    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    def of(self, page: str, column: str) -> list[Visitor]:
        """Who asks for this page in this column, in the order of a cell."""
        return [self.visitors[column, relation] for relation in relations_of(page, column)]


def relations_of(page: str, column: str) -> tuple[str, ...]:
    """One visitor where no function is held; one a relation in the rooms that hold the objects of a body. Elsewhere
    (one's own account, the public site) no body comes in.
    """
    if column in {ANONYMOUS, NO_FUNCTION}:
        return ("",)
    return RELATIONS if page.split(":")[0] in STAFF_ROOMS else (OWN,)


def roles_of(column: str) -> Sequence[Role]:
    if column in {ANONYMOUS, NO_FUNCTION}:
        return ()
    return tuple(Role) if column == EVERY_FUNCTION else (Role(column),)


def gather(bodies: Mapping[str, Organization]) -> Crowd:
    """`bodies`: for each relation, the body in which its people hold their functions."""
    crowd = Crowd({(ANONYMOUS, ""): Visitor(ANONYMOUS)})
    crowd.visitors[NO_FUNCTION, ""] = Visitor(NO_FUNCTION, session=sign_in(known_person()))
    for column in COLUMNS[2:]:
        for relation in RELATIONS:
            roles = roles_of(column)
            # The name of a person of the body is a private text of the body.
            name = f"{column} {Word.PEOPLE}" if relation == OWN else f"{column} {relation}"
            user = known_person(bodies[relation], *roles, name=name)
            crowd.visitors[column, relation] = Visitor(
                column, relation, sign_in(user), _in_the_body(roles, relation), _all(roles)
            )
    return crowd


def _all(roles: Sequence[Role]) -> Permissions:
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def _in_the_body(roles: Sequence[Role], relation: str) -> Permissions:
    if relation == OWN:
        return _all(roles)
    reaching = [REACHING_DOWN.get(role, frozenset()) for role in roles] if relation == PARENT else []
    return frozenset().union(*reaching)


def known_person(body: Organization | None = None, *roles: Role, **fields: str) -> User:
    """A person whose e-mail is confirmed, as a real account is."""
    user = person(body, *roles, password=make_password(PASSWORD), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(user: User) -> str:
    """The key of a session whose person has just proved who they are, so that no page asks again: until tomorrow."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = session["account_authentication_methods_user"] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 86_400, "reauthenticated": True}
    ]
    session.save()
    return session.session_key or ""
