"""A body that published, and forms as a person sends them."""

import time
import uuid
from unittest import mock

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from organizations.models import Organization
from registry.models import AISystem
from tests.factories.publications import public_organization, published


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
