"""People who sign in for real, mail that really leaves, and no rate limit carried from one test to the next."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from core import outbox
from core.models import Intent
from organizations.models import Organization, User
from organizations.services.public_copy import publish_body
from organizations.workflow import Role
from tests.factories.organizations import OrganizationFactory, person


@pytest.fixture(autouse=True)
def only_this_room(settings: Any) -> None:
    """What other rooms have to say on «À faire» is tested with them."""
    settings.TODO_SOURCES = ["organizations.services.todo.waiting_for"]
    settings.SETUP_STEPS = []
    settings.SUCCESSION_JOBS = []
    cache.clear()


@pytest.fixture
def verified() -> Callable[[User], User]:
    """The person proved that they read their mailbox."""

    def verify(user: User) -> User:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        return user

    return verify


@pytest.fixture
def newcomer(db: None, verified: Callable[[User], User]) -> User:
    """Has an account and belongs to no body."""
    return verified(person(email="newcomer@organisme.example", name="Personne nouvelle"))


@pytest.fixture
def central(db: None) -> Organization:
    return OrganizationFactory(sigle="CENTRAL", name_fr="Bureau central", kind="central")


@pytest.fixture
def overseer(central: Organization) -> User:
    """Central agency: creates bodies, reads what those below have declared."""
    return person(central, Role.CENTRAL_AGENCY, email="overseer@central.example")


@pytest.fixture
def published(body: Organization, operator: User) -> Organization:
    """`body` with its public copy, as after any saving of its sheet."""
    publish_body(organization=body, by=operator)
    return body


@pytest.fixture
def deliver() -> Callable[[], list[Any]]:
    """Run every job of the outbox; the mails that left."""

    def run() -> list[Any]:
        for key in list(Intent.objects.order_by("pk").values_list("pk", flat=True)):
            outbox.run(key)
        return list(mail.outbox)

    return run
