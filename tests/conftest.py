"""Guards over the whole suite, and the people every test knows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem
from tests.factories.organizations import OrganizationFactory, person
from tests.factories.registry import SystemFactory
from tests.factories.whole import fill


@pytest.fixture(autouse=True)
def french(settings: Any) -> None:
    """Each test starts in French, whatever the one before it did."""
    from django.utils import translation

    translation.activate("fr")


@pytest.fixture
def body(db: None) -> Organization:
    return OrganizationFactory(sigle="MTEST", name_fr="Ministère des Essais")


@pytest.fixture
def other_body(db: None) -> Organization:
    return OrganizationFactory(sigle="AUTRE", name_fr="Organisme voisin")


@pytest.fixture
def editor(body: Organization) -> User:
    """Declares, edits and publishes the systems of `body`."""
    return person(body, Role.SYSTEM_OWNER, email="editor@organisme.example", name="Responsable du système")


@pytest.fixture
def reviewer(body: Organization) -> User:
    """Gives the second look in `body`."""
    return person(body, Role.PRIVACY_OFFICER, email="reviewer@organisme.example", name="Responsable de la PRP")


@pytest.fixture
def administrator(body: Organization) -> User:
    return person(body, Role.ORGANIZATION_ADMIN, email="administrator@organisme.example", name="Administration")


@pytest.fixture
def outsider(other_body: Organization) -> User:
    """Holds every function of a body, of another body."""
    return person(other_body, Role.SYSTEM_OWNER, Role.AI_LEAD, Role.ORGANIZATION_ADMIN, email="outsider@voisin.example")


@pytest.fixture
def operator(db: None) -> User:
    """Operates the platform; reads no file of a body."""
    return person(OrganizationFactory(sigle="EXPLOIT"), Role.PLATFORM_ADMIN, email="operator@plateforme.example")


@pytest.fixture
def system(body: Organization, editor: User) -> AISystem:
    return SystemFactory(organization=body, created_by=editor, reference="QC-MTEST-0900")


@pytest.fixture
def other_system(other_body: Organization) -> AISystem:
    return SystemFactory(organization=other_body, reference="QC-AUTRE-0900")


@pytest.fixture
def whole_system(system: AISystem, editor: User) -> AISystem:
    """Every answer and one row of each part."""
    return fill(system, editor)


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def store_of_files(settings: Any, tmp_path: Path) -> Path:
    """An empty folder where files are kept."""
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": where}
    return tmp_path
