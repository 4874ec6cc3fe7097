"""Pages of the assessments, one after the other, as their people see them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.services.beginning import begin_assessment
from assessments.services.saving import save_answers
from assessments.workflow import EFVP, SCREENING
from organizations.models import User
from registry.models import AISystem

pytestmark = pytest.mark.django_db


@pytest.fixture
def efvp(system: AISystem, editor: User) -> Assessment:
    return begin_assessment(system=system, instrument=EFVP, by=editor)


@pytest.fixture
def screening(system: AISystem, editor: User) -> Assessment:
    return begin_assessment(system=system, instrument=SCREENING, by=editor)


def test_every_page_of_an_assessment_answers(efvp: Assessment, editor: User, as_user: Callable[[User], Client]):
    client = as_user(editor)
    for section in efvp.questionnaire.sections:
        page = client.get(reverse("assessments:section", args=[efvp.uuid, section.code]))
        assert page.status_code == 200, section.code
    for name in ("assessment", "everything", "depth", "submit", "withdraw", "history"):
        assert client.get(reverse(f"assessments:{name}", args=[efvp.uuid])).status_code == 200, name
    assert client.get(reverse("assessments:of_system", args=[efvp.system.uuid])).status_code == 200
    assert client.get(reverse("assessments:assessments")).status_code == 200
    for question in efvp.questionnaire.questions:
        page = client.get(reverse("assessments:question", args=[efvp.uuid, question.id]))
        assert page.status_code == 200, question.id


def test_a_screening_is_answered_and_concluded(screening: Assessment, editor: User, as_user: Callable[[User], Client]):
    client = as_user(editor)
    page = client.get(reverse("assessments:everything", args=[screening.uuid]))
    assert page.status_code == 200
    result = client.get(reverse("assessments:result", args=[screening.uuid]))
    assert result.status_code == 200


def test_save(efvp: Assessment, editor: User):
    saved = save_answers(assessment=efvp, leaves={"project_name": "Tri"}, version=efvp.version, by=editor)
    assert saved.assessment.version == 2
