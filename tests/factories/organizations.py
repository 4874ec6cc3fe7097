"""Bodies, people and the functions they hold."""

from datetime import date
from functools import cache
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organizations.models import Membership, Organization, User
from organizations.workflow import Kind, Regime, Role, SecondLook

PASSWORD = "mot-de-passe-des-tests"


@cache
def hashed_password() -> str:
    """Hashed once: doing it for each person takes a third of a second, that is most of the suite."""
    return make_password(PASSWORD)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """A ministry one can reach. Traits: `town` (municipal), `tiny` (no second look possible), `strict` (required)."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    sigle = factory.Sequence(lambda n: f"MIN{n}")
    name_fr = factory.LazyAttribute(lambda body: f"Ministère {body.sigle}")
    kind = Kind.MINISTRY
    regimes = [Regime.LGGRI]
    employees = 400
    contact_email = factory.LazyAttribute(lambda body: f"info@{body.sigle.lower()}.example")
    contact_phone = "418 555-0100"
    postal_address = "1, rue des Exemples\nQuébec (Québec)  G1A 1A1"

    class Params:
        town = factory.Trait(kind=Kind.MUNICIPALITY, regimes=[Regime.MUNICIPAL], employees=80)
        tiny = factory.Trait(
            employees=12, second_look=SecondLook.IMPOSSIBLE, second_look_reason_fr="Une seule personne publie."
        )
        strict = factory.Trait(second_look=SecondLook.REQUIRED)
        unreachable = factory.Trait(contact_phone="", postal_address="")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@organisme.example")
    name = factory.Sequence(lambda n: f"Personne {n}")
    password = factory.LazyFunction(hashed_password)


def give(user: User, organization: Organization, *roles: Role | str) -> User:
    """Memberships as an administration would give them, without its events."""
    for role in roles:
        Membership.objects.create(
            user=user,
            organization=organization,
            role=role,
            starts_on=date(2026, 1, 1),
            given_at=timezone.now(),
            given_by=None,
            given_by_ref="test",
        )
    user.__dict__.pop("_permissions_by_body", None)
    return user


def person(organization: Organization | None = None, *roles: Role | str, **fields: Any) -> User:
    """A new person, with these functions in that body."""
    user: User = UserFactory(**fields)
    return give(user, organization, *roles) if organization else user
