"""The tree of bodies: what stands below, read at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


def test_all_that_stands_below_is_read_in_one_query():
    top = OrganizationFactory(sigle="HAUT")
    middle = OrganizationFactory(sigle="MILIEU", parent=top)
    low = OrganizationFactory(sigle="BAS", parent=middle)
    OrganizationFactory(sigle="AILLEURS")
    with CaptureQueriesContext(connection) as queries:
        assert Organization.objects.filter(pk=top.pk).descendant_keys() == sorted([top.pk, middle.pk, low.pk])
    assert len(queries) == 1
    assert Organization.objects.filter(pk=low.pk).descendant_keys() == [low.pk]
    assert Organization.objects.none().descendant_keys() == []


def test_a_body_put_under_itself_by_mistake_does_not_go_round_for_ever():
    first = OrganizationFactory(sigle="UN")
    second = OrganizationFactory(sigle="DEUX", parent=first)
    Organization.objects.filter(pk=first.pk).update(parent=second)
    assert Organization.objects.filter(pk=first.pk).descendant_keys() == sorted([first.pk, second.pk])
