"""The page that begins an assessment: whose answers may be taken over, few at a time, found by their system."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.forms import steps
from assessments.models import Assessment
from assessments.services.beginning import begin_assessment
from assessments.views import overview
from assessments.workflow import EFVP
from organizations.models import Organization, User
from registry.models import AISystem
from tests.factories.organizations import OrganizationFactory
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """A list of two."""
    for module in (steps, overview):
        monkeypatch.setattr(module, "MOST_SOURCES", 2)
    return 2


@pytest.fixture
def others(body: Organization, editor: User) -> list[Assessment]:
    """Three assessments of other systems of the body, the last one written first."""
    names = ("Déneigement des ponts", "Tri du courrier", "Prévision des crues")
    made = (SystemFactory(organization=body, name_fr=name) for name in names)
    return [begin_assessment(system=system, instrument=EFVP, by=editor) for system in made]


@pytest.fixture
def page(system: AISystem, editor: User, as_user: Callable[[User], Client]) -> Callable[..., str]:
    client = as_user(editor)
    address = reverse("assessments:begin", args=[system.uuid])
    return lambda **query: client.get(address, {"instrument": EFVP, **query}).content.decode()


def test_the_assessments_of_the_system_come_first_then_the_latest(few, system, others, page, editor):
    own = begin_assessment(system=system, instrument=EFVP, by=editor)
    Assessment.objects.filter(pk=own.pk).update(updated_at="2020-01-01T00:00Z")
    shown = page()
    listed = [str(each.uuid) in shown for each in (own, *others)]
    assert listed == [True, False, False, True] and 'role="search"' in shown


def test_another_one_is_found_without_its_accents(few, others, page):
    shown = page(q="deneigement PONTS")
    assert [str(each.uuid) in shown for each in others] == [True, False, False]


def test_one_that_the_list_does_not_show_may_be_taken_over(few, system, others, editor, as_user):
    sent = {"instrument": EFVP, "source": others[0].uuid, "request_key": "5a5c9a5e-0f5c-4d3f-9d5a-3a8b8a1c2d3e"}
    answer = as_user(editor).post(reverse("assessments:begin", args=[system.uuid]), sent)
    assert answer.status_code == 303 and Assessment.objects.filter(system=system).count() == 1


def test_those_of_another_body_are_neither_listed_nor_taken(system, page, editor, as_user, others):
    foreign = SystemFactory(organization=OrganizationFactory(), name_fr="Ailleurs")
    hidden = begin_foreign(foreign)
    assert str(hidden.uuid) not in page(q="Ailleurs")
    sent = {"instrument": EFVP, "source": hidden.uuid, "request_key": "5a5c9a5e-0f5c-4d3f-9d5a-3a8b8a1c2d3e"}
    answer = as_user(editor).post(reverse("assessments:begin", args=[system.uuid]), sent)
    assert answer.status_code == 422 and not Assessment.objects.filter(system=system).exists()


def begin_foreign(system: AISystem) -> Assessment:
    row = Assessment.objects.first()
    row.pk, row.system, row.organization, row.uuid = None, system, system.organization, system.uuid
    row.save()
    return row


def test_as_many_queries_whatever_the_number(system, others, page):
    page()  # the questionnaire is read once
    with CaptureQueriesContext(connection) as asked:
        page()
    first = len(asked)
    begin_foreign(SystemFactory(organization=system.organization))
    with CaptureQueriesContext(connection) as asked:
        page()
    assert len(asked) == first
