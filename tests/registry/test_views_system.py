"""The page of one system, for each of those who may come to it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from organizations.workflow import Role, SecondLook
from registry.services.exceptions import grant_exception
from registry.services.publication import publish_system
from tests.factories.organizations import OrganizationFactory, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/"


def page(client, system) -> str:
    response = client.get(url(system))
    assert response.status_code == 200
    return str(response.content.decode())


def test_each_field_is_there_filled_in_or_not(editor, system, as_user):
    shown = page(as_user(editor), system)
    for text in (system.summary_fr, system.unit_fr, "Aide à la décision et prédiction", system.reference):
        assert text in shown
    assert shown.count("vg-empty") >= 3
    assert shown.count("govuk-tag--outline") == 1, "the name of the supplier is the one internal field"


def test_another_body_sees_nothing(outsider, system, as_user):
    assert as_user(outsider).get(url(system)).status_code == 404


def test_actions_are_those_the_person_may_do(editor, reviewer, body, system, as_user):
    assert "/publier/" in page(as_user(editor), system) and "/modifier/" in page(as_user(editor), system)
    assert "/publier/" not in page(as_user(reviewer), system)
    reader = page(as_user(person(body, Role.READER)), system)
    for part in ("/modifier/", "/publier/", "/historique/", "/acces/", "/retirer/"):
        assert part not in reader


def test_a_draft_says_how_many_answers_miss(editor, body, as_user):
    draft = SystemFactory(organization=body, created_by=editor, draft=True)
    shown = page(as_user(editor), draft)
    assert "11" in shown and "/publier/" not in shown


def test_readiness_names_the_answers_a_sheet_needs(editor, system, as_user):
    system.data_description_fr = ""
    system.save()
    assert "avec quelles données il travaille" in page(as_user(editor), system)


def test_what_the_public_sees_is_linked(editor, reviewer, system, as_user):
    publish_system(system=system, by=editor)
    shown = page(as_user(reviewer), system)
    assert f"/fr/systemes/{system.reference}/" in shown and "/retirer/" in shown


def test_a_waiting_request_is_linked(editor, body, system, as_user):
    body.second_look = SecondLook.REQUIRED
    body.save()
    request = publish_system(system=system, by=editor)
    shown = page(as_user(editor), system)
    assert str(request.case.uuid) in shown and "/publier/" not in shown


def test_an_exception_opens_the_sheet_to_its_holder_alone(editor, outsider, system, as_user):
    day = clock.civil_date(clock.now()) + timedelta(days=3)
    grant_exception(system=system, email=outsider.email, reason="Analyse", ends_on=day, by=editor)
    assert system.reference in page(as_user(outsider), system)
    for part in ("modifier/", "publier/", "retirer/", "historique/", "acces/"):
        assert as_user(outsider).get(url(system) + part).status_code == 403
    other = person(outsider.memberships.first().organization, Role.SYSTEM_OWNER)
    assert as_user(other).get(url(system)).status_code == 404


def test_above_reads_what_is_declared_only(editor, body, system, as_user):
    body.parent = OrganizationFactory(sigle="AUDESSUS")
    body.save()
    above = as_user(person(body.parent, Role.CENTRAL_AGENCY))
    assert system.reference in page(above, system)
    assert above.get(url(SystemFactory(organization=body, created_by=editor, draft=True))).status_code == 404


def test_only_reading(editor, system, as_user):
    assert as_user(editor).post(url(system)).status_code == 405


def test_the_same_queries_however_much_is_kept(editor, system, as_user):
    client = as_user(editor)
    publish_system(system=system, by=editor)
    client.get(url(system))
    with CaptureQueriesContext(connection) as first:
        client.get(url(system))
    for number in range(3):
        system.summary_fr = f"Phrase {number}"
        system.save()
        publish_system(system=system, by=editor, change_note="Autre phrase.")
    with CaptureQueriesContext(connection) as later:
        client.get(url(system))
    assert len(first) == len(later) == 11
