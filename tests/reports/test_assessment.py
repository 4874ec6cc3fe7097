"""The PDF of an assessment: frozen when asked for, tagged, and closed to those who read no working papers."""

import io
import uuid

import pypdf
import pytest
from django.urls import reverse

from assessments.exports.told import ToldComment
from assessments.services.submitting import submit_assessment
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed
from organizations.workflow import Role
from reports.exports import typeset
from reports.models import Report
from reports.services import request_assessment_report
from reports.services.documents import file_name
from reports.tasks import make_report
from tests.assessments.exported import EVERYTHING, SAID, answer, begun, read
from tests.core.test_pdf import findings
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db
LONG = "Une phrase plutôt longue qui explique. " * 60
# Every way in which a table may be hard on paper.
HARD = EVERYTHING | {
    "elements": [{"element": f"Renseignement {number}", "number": number} for number in range(200)],
    "criteria": {
        "need": {"verdict": "met", "reason": LONG},
        "balance": {"verdict": "unsure", "reason": "x" * 4000},
    },
    "project_name": "<b>&amp;</b> {{ told }} " + "m" * 250,
}


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


def asked(assessment, by, **changes):
    wanted = {"language": "fr", "by": by, "request_key": uuid.uuid4(), **changes}
    return request_assessment_report(assessment=assessment, **wanted)


def words_in(report) -> str:
    reader = pypdf.PdfReader(io.BytesIO(typeset(report).content))
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def page(name, thing):
    return reverse(f"reports:{name}", args=[thing.uuid])


@pytest.mark.slow
def test_the_pdf_says_every_answer(whole, editor):
    text = words_in(asked(whole, editor))
    assert [words for words in SAID if "".join(words.split()) not in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("answers", [{}, EVERYTHING, HARD], ids=["nothing", "everything", "hard"])
def test_both_judges_find_nothing(system, editor, tmp_path, language, answers):
    assessment = begun(system, editor, answers)
    assert findings(typeset(asked(assessment, editor, language=language)), tmp_path) == []


@pytest.mark.slow
def test_a_draft_says_so_on_each_page_and_first_what_is_missing(system, editor):
    report = asked(begun(system, editor, {key: HARD[key] for key in ("elements", "criteria")}), editor, language="en")
    pages = [
        " ".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(typeset(report).content)).pages
    ]
    assert len(pages) > 2 and all("Draft – not submitted" in each for each in pages)
    assert "What is still missing" in pages[0] and "What are the purposes?" in pages[0]


@pytest.mark.slow
def test_the_demonstration_is_said_on_each_page(system, editor):
    system.organization.is_demonstration = True
    system.organization.save()
    report = asked(begun(system, editor, HARD), editor)
    pages = pypdf.PdfReader(io.BytesIO(typeset(report).content)).pages
    assert all("DÉMO – Données fictives" in " ".join(each.extract_text().split()) for each in pages)


def test_the_content_is_frozen_when_it_is_asked_for(whole, editor):
    report = asked(whole, editor)
    answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    report.refresh_from_db()
    assert "Tout autre chose." not in str(report.content) and "Répondre aux demandes." in str(report.content)
    assert report.assessment == whole and report.system == whole.system
    facts = AuditEvent.objects.get(verb="request_report").facts
    assert facts == {"kind": "assessment", "language": "fr", "digest": report.content["digest"]}


def test_of_a_version_it_says_what_was_submitted(whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    type(whole).objects.filter(pk=whole.pk).update(state="draft")
    later = answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    report = asked(later, editor, submission=submission)
    assert report.content["digest"] == submission.digest and "Tout autre chose." not in str(report.content)
    assert "-v1-" in file_name(report) and file_name(report).isascii()


def test_comments_between_people_are_not_in_it(whole, editor, monkeypatch):
    said = {"purpose": [ToldComment("Collègue", whole.created_at, "Entre nous.")]}
    monkeypatch.setattr("assessments.exports.told.remarks.comments_of", lambda assessment: said)
    assert "Entre nous." not in str(asked(whole, editor).content)


def test_the_same_key_gives_one_report(whole, editor):
    key = uuid.uuid4()
    assert asked(whole, editor, request_key=key) == asked(whole, editor, request_key=key)
    assert Report.objects.count() == 1


def test_without_the_function_or_in_no_language_of_ours_it_is_refused(whole, editor, body):
    with pytest.raises(NotAllowed):
        asked(whole, person(body, Role.COMMITTEE_MEMBER))
    with pytest.raises(InvalidInput):
        asked(whole, editor, language="de")
    assert not Report.objects.exists()


@pytest.mark.slow
def test_from_the_form_to_the_file(whole, editor, as_user):
    client = as_user(editor)
    address = page("request_assessment", whole)
    assert client.get(address).status_code == 200
    assert client.post(address, {"language": "de", "request_key": uuid.uuid4()}).status_code == 422
    response = client.post(address, {"language": "fr", "request_key": uuid.uuid4()})
    report = Report.objects.get()
    assert response.status_code == 303 and response.url == page("report", report)
    make_report(report=report.pk)
    for name in ("report", "page"):
        assert client.get(page(name, report)).status_code == 200
    assert "Répondre aux demandes." in client.get(page("page", report)).content.decode()
    assert b"".join(client.get(page("file", report)).streaming_content).startswith(b"%PDF")
    assert report.title in client.get(reverse("reports:reports")).content.decode()


def test_a_version_that_there_is_not_is_not_found(whole, editor, as_user):
    for version in ("1", "x", "²", "9" * 30):
        assert as_user(editor).get(page("request_assessment", whole), {"version": version}).status_code == 404


def test_who_makes_reports_but_reads_no_working_papers_finds_none(whole, editor, reader, outsider, member, as_user):
    report = asked(whole, editor)
    for someone in (reader, outsider, member):
        client = as_user(someone)
        assert client.get(page("request_assessment", whole)).status_code == 404
        assert [client.get(page(name, report)).status_code for name in ("report", "page", "file")] == [404] * 3
    assert report.title not in as_user(reader).get(reverse("reports:reports")).content.decode()
