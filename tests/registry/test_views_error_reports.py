"""The queue of reported errors and their answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.workflow import Role
from registry.models import ErrorReport
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db

QUEUE = "/fr/espace/signalements/"


def make(system, code="ABCD", days=0, **fields):
    return ErrorReport.objects.create(
        code=code,
        system=system,
        organization=system.organization,
        reference=system.reference,
        version_number=1,
        message=fields.pop("message", "Une erreur."),
        received_at=timezone.now() - timedelta(days=days),
        **fields,
    )


def test_what_waits_longest_comes_first(editor, system, as_user):
    make(system, "NEW")
    make(system, "OLD", days=40)
    response = as_user(editor).get(QUEUE)
    assert [report.code for report, _due in response.context["rows"]] == ["OLD", "NEW"]
    assert response.content.decode().count("vg-late") == 1


def test_a_message_is_shown_as_text_with_its_lines(editor, system, as_user):
    report = make(system, message="Ligne 1\n<script>alert(1)</script>")
    shown = as_user(editor).get(f"{QUEUE}{report.uuid}/").content.decode()
    assert "Ligne 1<br>&lt;script&gt;" in shown


def test_answering(editor, system, as_user):
    client, report = as_user(editor), make(system)
    address = f"{QUEUE}{report.uuid}/"
    assert client.post(address, {"answer": "  "}).status_code == 422
    assert client.post(address, {"answer": "Corrigé."}).status_code == 303
    assert client.post(address, {"answer": "Encore."}).status_code == 409
    assert "Corrigé." in client.get(address).content.decode()
    assert [row for row, _due in client.get(QUEUE, {"state": "answered"}).context["rows"]] == [report]


def test_an_empty_queue_teaches(editor, as_user):
    for state in ("", "answered"):
        assert "vg-empty-state" in as_user(editor).get(QUEUE, {"state": state}).content.decode()


def test_who(editor, body, outsider, system, as_user):
    report = make(system)
    address = f"{QUEUE}{report.uuid}/"
    contributor = as_user(person(body, Role.CONTRIBUTOR))
    assert contributor.get(QUEUE).status_code == 403 and contributor.get(address).status_code == 403
    assert contributor.post(address, {"answer": "Non."}).status_code == 403
    stranger = as_user(outsider)
    assert list(stranger.get(QUEUE).context["rows"]) == [] and stranger.get(address).status_code == 404
    assert as_user(editor).post(QUEUE).status_code == 405 and as_user(editor).put(address).status_code == 405


def test_the_same_queries_however_many(editor, system, as_user):
    client = as_user(editor)
    make(system)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    for number in range(20):
        make(system, f"C{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE)
    assert len(few) == len(many) == 8
