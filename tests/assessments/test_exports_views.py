"""Taking an assessment away: who may, what the ledger keeps, what the page to print shows."""

import hashlib
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.services.submitting import submit_assessment
from core.models import AuditEvent
from tests.assessments.exported import EVERYTHING, SAID, answer, begun, read

pytestmark = pytest.mark.django_db
KINDS = ("csv", "xlsx", "docx", "json")


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


def page(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_is_an_attachment_told_to_the_ledger(whole, editor, as_user, kind):
    response = as_user(editor).get(page("export", whole, kind))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="exported-QC-MTEST-0900-')
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.get(verb="export")
    assert (event.object_ref, event.actor_ref) == (str(whole.uuid), editor.actor_ref)
    assert event.facts["format"] == kind and event.facts["digest"] == hashlib.sha256(response.content).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_who_reads_no_working_papers_finds_nothing(whole, outsider, reader, operator, as_user, kind):
    for someone in (outsider, reader, operator):
        assert as_user(someone).get(page("export", whole, kind)).status_code == 404
        assert as_user(someone).get(page("print", whole)).status_code == 404
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_files_and_pages_take_no_post_and_no_unknown_kind(whole, editor, as_user):
    client = as_user(editor)
    assert client.post(page("export", whole, "csv")).status_code == client.post(page("print", whole)).status_code == 405
    assert client.get(page("export", whole, "csv").replace("csv", "exe")).status_code == 404


def test_the_page_says_every_answer_once_read(whole, editor, as_user):
    text = unescape(as_user(editor).get(page("print", whole)).content.decode())
    assert [words for words in SAID if words not in text] == []
    assert text.count("<h1") == 1 and "style=" not in text
    assert page("export", whole, "docx") in text and reverse("reports:request_assessment", args=[whole.uuid]) in text


def test_typed_markup_stays_text(system, editor, as_user):
    assessment = begun(system, editor, {"purpose": "<script>alert(1)</script> {{ told }}"})
    text = as_user(editor).get(page("print", assessment)).content.decode()
    assert "<script>alert(1)</script>" not in text and "&lt;script&gt;alert(1)" in text


def test_the_extract_shows_only_what_may_be_public(whole, editor, as_user):
    content = as_user(editor).get(page("print", whole) + "?extrait=1")
    text = unescape(content.content.decode()).split("<main")[1]
    assert "Répondre aux demandes." in text and "Guichet des demandes" not in text and editor.email not in text


def test_a_version_is_read_again_as_it_was_submitted(whole, editor, as_user):
    submit_assessment(assessment=whole, by=editor)
    type(whole).objects.filter(pk=whole.pk).update(state="draft")
    answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    client = as_user(editor)
    first = client.get(page("print", whole) + "?version=1").content.decode()
    assert "Répondre aux demandes." in first and "Tout autre chose." not in first
    assert f"{page('export', whole, 'csv')}?version=1" in unescape(first)
    assert "Répondre aux demandes." in client.get(page("export", whole, "csv") + "?version=1").content.decode()
    assert "Tout autre chose." in client.get(page("print", whole)).content.decode()


@pytest.mark.parametrize("version", ["2", "0", "-1", "x", "²", "9" * 30, "1.5"])
def test_a_version_that_there_is_not_is_not_found(whole, editor, as_user, version):
    client = as_user(editor)
    for address in (page("print", whole), page("export", whole, "csv")):
        assert client.get(address, {"version": version}).status_code == 404


def test_pages_cost_the_same_queries_whatever_is_answered(system, editor, as_user):
    assessment, client = begun(system, editor), as_user(editor)

    def queries():
        client.get(page("print", assessment))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page("print", assessment)).status_code == 200
        return len(asked)

    before = queries()
    answer(assessment, EVERYTHING, editor)
    assert queries() == before <= 16


def test_the_page_is_whole_in_english(whole, editor, as_user):
    response = as_user(editor).get(page("print", whole).replace("/fr/", "/en/", 1))
    text = response.content.decode()
    assert "What are the purposes?" in text and '<div class="vg-text vg-break" lang="fr">' in text
