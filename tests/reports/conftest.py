"""Reports as people meet them: asked for, ready, failed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem
from reports.models import Report
from reports.services import request_sheet
from reports.tasks import make_report
from tests.factories.organizations import OrganizationFactory, person
from tests.factories.registry import SystemFactory

Ask = Callable[..., Report]


def bytes_of(report: Report) -> bytes:
    """The stored PDF of a report."""
    assert report.file is not None
    with report.file.content.open("rb") as content:
        found: bytes = content.read()
    return found


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Any) -> None:
    """Files of a test live and die with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture
def ask(system: AISystem, editor: User) -> Ask:
    def request(**changes: Any) -> Report:
        wanted = {"system": system, "language": "fr", "by": editor, "request_key": uuid.uuid4(), **changes}
        return request_sheet(**wanted)

    return request


@pytest.fixture
def waiting(ask: Ask) -> Report:
    return ask()


@pytest.fixture
def ready(waiting: Report) -> Report:
    make_report(report=waiting.pk)
    waiting.refresh_from_db()
    return waiting


@pytest.fixture
def reader(body: Organization) -> User:
    """Reads what `body` declared and makes reports; reads no draft."""
    return person(body, Role.READER, email="reader@organisme.example")


@pytest.fixture
def member(body: Organization) -> User:
    """Sees the systems of `body`; makes no report."""
    return person(body, Role.COMMITTEE_MEMBER, email="membre@organisme.example")


@pytest.fixture
def demonstration_system(db: None) -> AISystem:
    body = OrganizationFactory(sigle="EXEMPLE", name_fr="Ministère des Saisons", is_demonstration=True)
    return SystemFactory(organization=body, reference="DÉMO-EXEMPLE-0001")
