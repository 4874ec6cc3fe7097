"""The PDF of an assessment asked for and taken by a program; any document read while it is made."""

import hashlib
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from assessments.services.beginning import begin_assessment
from assessments.services.screening import conclude_screening
from assessments.services.submitting import submit_assessment
from assessments.workflow import SCREENING
from core.models import AuditEvent, Intent
from core.models.audit import ActorKind
from core.pdf import RenderedPdf
from organizations import permissions
from organizations.permissions import Permission
from organizations.workflow import Scope
from reports.models import Report
from reports.services import fail_report, keep_document, restart_report
from reports.tasks import JOB, make_report
from tests.access.assessments import NOTHING
from tests.assessments.exported import EVERYTHING, answer, begun, read
from tests.assessments.test_views_counts import asked
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7\n%%EOF\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def at(name: str, thing: Any) -> str:
    return reverse(f"reports_api:{name}", args=[getattr(thing, "uuid", thing)])


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


@pytest.fixture
def asked_for(program, whole) -> Report:
    """The PDF of `whole`, which waits."""
    return Report.objects.get(uuid=program.post(at("pdf", whole), {"language": "fr"}).json()["uuid"])


def kept(report: Report) -> Report:
    """As a worker leaves it."""
    return keep_document(report=report, document=RenderedPdf("<p>Fiche</p>", CONTENT, DIGEST, pages=1), by=JOB)


def closed(answer: Any) -> Any:
    """As a server leaves a file that it handed out."""
    answer.getvalue()
    return answer


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_it_is_asked_for_and_a_worker_will_make_it(program, whole, editor):
    answer = program.post(at("pdf", whole), {"language": "en"})
    told, report = answer.json(), Report.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (201, at("report", report))
    assert (told["uuid"], told["state"], told["kind"], told["language"]) == (
        str(report.uuid), "requested", "assessment", "en",
    )  # fmt: skip
    assert (told["assessment"], told["system"], told["body"]) == (str(whole.uuid), str(whole.system.uuid), "MTEST")
    assert told["title"] == report.title and told["digest"] == report.content["digest"] and told["version"] is None
    assert [told[name] for name in ("file", "name", "size", "sha256", "pages", "made_at")] == [None] * 6
    assert Intent.objects.get(dedup_key=f"make_report:{report.pk}").task == "reports.tasks.make_report"
    event = AuditEvent.objects.get(verb="request_report")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


def test_of_a_version_it_is_what_was_submitted_then(program, whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    type(whole).objects.filter(pk=whole.pk).update(state="draft")
    answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    told = program.post(at("pdf", whole), {"language": "fr", "version": 1}).json()
    assert (told["version"], told["digest"]) == (1, submission.digest)
    assert "Tout autre chose." not in str(Report.objects.get().content)
    assert program.post(at("pdf", whole), {"language": "fr", "version": None}).json()["version"] is None
    problem = refused(
        Program(editor, language="en").post(at("pdf", whole), {"language": "fr", "version": 7}), 422, "invalid"
    )
    said = "Version 7 of this assessment does not exist. Those that were submitted: 1."
    assert problem["errors"] == [{"field": "version", "detail": said}]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "language"),
        ({"language": "de"}, "language"),
        ({"language": None}, "language"),
        ({"language": "fr", "version": 1}, "version"),
        ({"language": "fr", "version": 0}, "version"),
        ({"language": "fr", "version": "1"}, "version"),
        ({"language": "fr", "version": 10**9}, "version"),
        ({"language": "fr", "format": "docx"}, "format"),
    ],
)
def test_what_cannot_be_made_is_told_by_its_member_and_nothing_is_kept(program, whole, sent, field):
    (error,) = refused(program.post(at("pdf", whole), sent), 422, "invalid")["errors"]
    assert error["field"] == field and error["detail"]
    assert not Report.objects.exists()


def test_a_key_sent_twice_makes_one_and_the_second_answer_says_where_it_stands(program, whole):
    first = program.post(at("pdf", whole), {"language": "fr"}, Idempotency_Key="k")
    kept(Report.objects.get())
    again = program.post(at("pdf", whole), {"language": "fr"}, Idempotency_Key="k")
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert again.json()["state"] == "ready"
    refused(program.post(at("pdf", whole), {"language": "en"}, Idempotency_Key="k"), 422, "key-reused")
    assert Report.objects.count() == 1
    program.post(at("pdf", whole), {"language": "fr"}, Idempotency_Key="autre")
    assert Report.objects.count() == 2


def test_a_screening_has_its_pdf_too_before_and_after_it_is_concluded(program, system, editor):
    screening = answer(begin_assessment(system=system, instrument=SCREENING, by=editor), dict(NOTHING), editor)
    assert program.post(at("pdf", screening), {"language": "fr"}).status_code == 201
    refused(program.post(at("pdf", screening), {"language": "fr", "version": 1}), 422, "invalid")
    conclusion = conclude_screening(assessment=screening, by=editor)
    told = program.post(at("pdf", screening), {"language": "en"}).json()
    assert (told["digest"], told["version"]) == (conclusion.digest, None)


# --- Who ------------------------------------------------------------------------------------------------------------
def test_a_token_needs_the_scope_of_what_it_does_and_no_more(editor, whole):
    reader, writer = Program(editor, Scope.READ_ASSESSMENTS), Program(editor, Scope.WRITE_ASSESSMENTS)
    assert refused(reader.post(at("pdf", whole), {"language": "fr"}), 403, "narrow-token")["scope"] == (
        "write_assessments"
    )
    assert not Report.objects.exists()
    report = kept(Report.objects.get(uuid=writer.post(at("pdf", whole), {"language": "fr"}).json()["uuid"]))
    for name in ("report", "file"):
        assert refused(writer.get(at(name, report)), 403, "narrow-token")["scope"] == "read_assessments"
        assert reader.get(at(name, report)).getvalue()
    others = Program(editor, Scope.READ_SYSTEMS, Scope.WRITE_SYSTEMS, Scope.PUBLISH)
    refused(others.get(at("report", report)), 403, "narrow-token")
    refused(Client().get(at("report", report)), 401, "signed-out")


def test_the_person_must_hold_the_function_as_on_the_page(program, whole, monkeypatch):
    held = {role: each - {Permission.MAKE_REPORT} for role, each in permissions.ROLE_PERMISSIONS.items()}
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", held)
    told = refused(program.post(at("pdf", whole), {"language": "fr"}), 403, "forbidden")["detail"]
    assert "rapports" in told and not Report.objects.exists()


def test_that_of_another_body_is_not_found(whole, asked_for, outsider, reader, member):
    report = kept(asked_for)
    for somebody in (outsider, reader, member):
        other = Program(somebody)
        refused(other.post(at("pdf", whole), {"language": "fr"}), 404, "not-found")
        for name in ("report", "file"):
            refused(other.get(at(name, report)), 404, "not-found")
            refused(other.get(at(name, report), If_None_Match=f'"{DIGEST}"'), 404, "not-found")
    refused(Program(whole.created_by).get(at("report", uuid.uuid4())), 404, "not-found")
    assert Report.objects.count() == 1 and not AuditEvent.objects.filter(verb="download").exists()


def test_a_sheet_is_read_by_whoever_sees_it_and_that_of_a_draft_by_who_reads_drafts(ask, body, editor, reader):
    sheet, draft = kept(ask()), kept(ask(system=SystemFactory(organization=body, draft=True, created_by=editor)))
    told = Program(reader).get(at("report", sheet)).json()
    assert (told["kind"], told["assessment"], told["version"]) == ("system_sheet", None, None)
    assert told["digest"] == sheet.content["sheet"]["digest"]
    assert Program(reader).get(at("file", sheet)).getvalue() == CONTENT
    refused(Program(reader).get(at("report", draft)), 404, "not-found")
    assert Program(editor).get(at("report", draft)).status_code == 200


# --- While it is made -----------------------------------------------------------------------------------------------
def test_where_it_stands_is_not_sent_again_until_it_moves(program, asked_for):
    first = program.get(at("report", asked_for))
    tag, told = first.headers["ETag"], first.json()
    assert told["state"] == "requested" and "quelques secondes" in told["detail"]
    again = program.get(at("report", asked_for), If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    kept(asked_for)
    moved = program.get(at("report", asked_for), If_None_Match=tag)
    told = moved.json()
    assert (moved.status_code, told["state"], told["detail"]) == (200, "ready", "")
    assert (told["file"], told["sha256"], told["size"]) == (at("file", asked_for), DIGEST, len(CONTENT))
    assert told["name"].startswith("exported-QC-MTEST-0900-") and told["pages"] == 1 and told["made_at"]


def test_before_it_is_made_its_file_says_to_ask_again(program, asked_for, editor):
    for told in (program.get(at("file", asked_for)), program.get(at("file", asked_for), If_None_Match="*")):
        assert "quelques secondes" in refused(told, 409, "not-now")["detail"]
    assert program.send("HEAD", at("file", asked_for), "").status_code == 409
    english = Program(editor, language="en").get(at("file", asked_for))
    assert refused(english, 409, "not-now")["detail"] == (
        "This document is being made: ask for it again in a few seconds."
    )


def test_what_could_not_be_made_says_so_and_what_to_do(editor, asked_for):
    program = Program(editor, language="en")
    fail_report(report=asked_for, by=JOB)
    told = program.get(at("report", asked_for)).json()
    said = "This document could not be made. Begin it again on its page, or ask for a new one."
    assert (told["state"], told["detail"], told["file"]) == ("failed", said, None)
    assert refused(program.get(at("file", asked_for)), 409, "not-now")["detail"] == said
    restart_report(report=asked_for, by=editor)
    assert program.get(at("report", asked_for)).json()["state"] == "requested"


# --- Taking it ------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_from_the_question_to_the_file(program, whole):
    where = program.post(at("pdf", whole), {"language": "fr"}).headers["Location"]
    make_report(report=Report.objects.get().pk)
    told = program.get(where).json()
    answer = program.get(told["file"], Accept="application/pdf")
    content = answer.getvalue()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF") and len(content) == told["size"]
    assert answer.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"' == f'"{told["sha256"]}"'


def test_it_is_an_attachment_and_the_ledger_says_by_which_token_it_was_taken(program, asked_for):
    answer = program.get(at("file", kept(asked_for)))
    assert (answer.getvalue(), answer.headers["ETag"]) == (CONTENT, f'"{DIGEST}"')
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="exported-QC-MTEST-0900-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get(verb="download")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))
    assert (event.object_ref, event.facts) == (str(asked_for.uuid), {"digest": DIGEST})


def test_what_the_reader_has_and_what_head_asks_are_taken_by_nobody(program, asked_for):
    path = at("file", kept(asked_for))
    again = program.get(path, If_None_Match=f'"{DIGEST}"')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", f'"{DIGEST}"')
    head = program.send("HEAD", path, "")
    assert (head.status_code, head.getvalue(), head.headers["Content-Type"]) == (200, b"", "application/pdf")
    assert head.headers["Content-Length"] == str(len(CONTENT)) and head.headers["ETag"] == f'"{DIGEST}"'
    assert not AuditEvent.objects.filter(verb="download").exists()


def test_a_file_that_is_gone_from_the_store_says_so(program, asked_for):
    report = kept(asked_for)
    default_storage.delete(report.file.content.name)
    assert "Demandez-en" in refused(program.get(at("file", report)), 409, "not-now")["detail"]
    assert program.send("HEAD", at("file", report), "").status_code == 409
    assert not AuditEvent.objects.filter(verb="download").exists()


# --- Cost -----------------------------------------------------------------------------------------------------------
def test_it_costs_the_same_queries_whatever_is_answered_and_asked_for(program, system, editor):
    assessment = begun(system, editor)

    def costs() -> list[int]:
        asking = len(asked(lambda: program.post(at("pdf", assessment), {"language": "fr"}), status=201))
        report = kept(Report.objects.order_by("pk").last())
        reading = len(asked(lambda: program.get(at("report", report))))
        return [asking, reading, len(asked(lambda: closed(program.get(at("file", report)))))]

    costs()
    before = costs()
    answer(assessment, EVERYTHING, editor)
    for _each in range(5):
        program.post(at("pdf", assessment), {"language": "en"})
    assert costs() == before and before[1] <= 8, before


def test_reading_where_it_stands_leaves_the_long_content_where_it_is(program, asked_for):
    queries = asked(lambda: program.get(at("report", asked_for)))
    (read_,) = [each for each in queries if 'FROM "reports_report"' in each]
    assert '"reports_report"."html"' not in read_ and '"reports_report"."content",' not in read_
