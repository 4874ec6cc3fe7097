"""A body that published, and forms as a person sends them."""

import re
import time
import uuid
from html import unescape
from unittest import mock

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from organizations.models import Organization
from registry.models import AISystem
from registry.services.publication import publish_system
from tests.factories.publications import public_organization, published, publisher_of
from tests.factories.registry import SystemFactory
from tests.factories.whole import fill


@pytest.fixture
def public_body(db: None) -> Organization:
    return public_organization(sigle="MPUB", name_fr="Ministère des Exemples publics")


@pytest.fixture
def sheet(public_body: Organization) -> AISystem:
    """A system with a full public sheet."""
    return published(public_body, reference="QC-MPUB-0001", name_fr="Tri des demandes de permis")


@pytest.fixture
def visitor() -> Client:
    return Client()


def form_key(form: str, *, age: int = 30) -> str:
    """The hidden key of a form that was shown `age` seconds ago."""
    with mock.patch("django.core.signing.time.time", return_value=time.time() - age):
        return TimestampSigner(salt=form).sign(str(uuid.uuid4()))


@pytest.fixture
def everything(public_body: Organization) -> AISystem:
    """Every public answer and one row of each part, public as version 1."""
    by = publisher_of(public_body)
    system: AISystem = SystemFactory(organization=public_body, created_by=by, reference="QC-MPUB-0042")
    publish_system(system=fill(system, by), by=by)
    return system


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
