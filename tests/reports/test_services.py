"""Asking for a sheet, keeping it, failing, beginning again, handing it out: rules and refusals."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock, outbox
from core.models import AuditEvent, Intent, StoredFile
from core.models.intent import IntentState
from core.pdf import DocumentTooLarge, FontsMissing
from core.services import InvalidInput, NotAllowed, NotPossibleNow, retry_intent
from organizations.workflow import Role
from registry.models import AISystem
from registry.services.publication import publish_system
from reports import tasks
from reports.models import Report
from reports.services import hand_out, job_of, restart_report
from reports.services.content import freeze_sheet
from reports.services.documents import file_name
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.reports.conftest import bytes_of

pytestmark = pytest.mark.django_db


def run_jobs():
    """What relay and worker do, at a moment when every back-off is over."""
    for intent in Intent.objects.filter(state=IntentState.WAITING).order_by("pk"):
        Intent.objects.filter(pk=intent.pk).update(due_at=clock.now() - timedelta(seconds=1))
        outbox.run(intent.pk)


def events(report):
    return list(AuditEvent.objects.filter(object_ref=str(report.uuid)).order_by("pk").values_list("verb", flat=True))


def test_asking_freezes_the_content_and_asks_for_one_job(ask, system, editor):
    report = ask()
    assert (report.state, report.organization, report.requested_by) == ("requested", system.organization, editor)
    job = job_of(report)
    assert (job.task, job.arguments, job.state) == ("reports.tasks.make_report", {"report": report.pk}, "waiting")
    assert events(report) == ["request_report"]
    AISystem.objects.filter(pk=system.pk).update(name_fr="Tout autre chose")
    run_jobs()
    report.refresh_from_db()
    assert system.name_fr in report.html and "Tout autre chose" not in report.html


def test_a_double_click_makes_one_report(ask):
    key = uuid.uuid4()
    assert ask(request_key=key) == ask(request_key=key)
    assert (Report.objects.count(), Intent.objects.count()) == (1, 1)


def test_without_the_function_nothing_is_asked(ask, member, outsider):
    for someone in (member, outsider):
        with pytest.raises(NotAllowed):
            ask(by=someone)
    assert not Report.objects.exists()


def test_only_our_two_languages(ask):
    with pytest.raises(InvalidInput) as refusal:
        ask(language="de")
    assert refusal.value.field == "language"


@pytest.mark.slow
def test_the_worker_keeps_a_file_whose_digest_is_that_of_its_bytes(waiting):
    run_jobs()
    waiting.refresh_from_db()
    content = bytes_of(waiting)
    assert (waiting.state, waiting.file.media_type, waiting.file.retention) == (
        "ready",
        "application/pdf",
        "register",
    )
    assert waiting.file.sha256 == hashlib.sha256(content).hexdigest()
    assert waiting.file.size == len(content)
    assert waiting.pages >= 1 and waiting.made_at
    assert waiting.file.organization_uuid == waiting.organization.uuid
    assert events(waiting) == ["request_report", "make_report"]
    event = AuditEvent.objects.get(verb="make_report")
    assert (event.actor_kind, event.actor_ref, event.facts["digest"]) == ("job", "reports", waiting.file.sha256)
    assert job_of(waiting).state == IntentState.DONE


@pytest.mark.slow
def test_made_twice_it_is_one_file_and_the_same_bytes(ready):
    first = ready.file
    tasks.make_report(report=ready.pk)
    ready.refresh_from_db()
    assert ready.file == first and StoredFile.objects.count() == 1
    assert tasks.typeset(ready).sha256 == first.sha256
    assert events(ready).count("make_report") == 1


def test_a_job_that_may_succeed_later_is_tried_again_then_given_up(waiting, monkeypatch):
    def broken(report):
        raise FontsMissing("one.woff2")

    monkeypatch.setattr(tasks, "typeset", broken)
    for attempt in range(1, outbox.MAX_ATTEMPTS):
        run_jobs()
        waiting.refresh_from_db()
        assert (waiting.state, job_of(waiting).attempts) == ("requested", attempt)
    run_jobs()
    waiting.refresh_from_db()
    assert (waiting.state, job_of(waiting).state) == ("failed", IntentState.FAILED)
    assert events(waiting) == ["request_report", "fail_report"]


def test_a_content_that_can_never_be_made_fails_at_once(waiting, monkeypatch):
    def too_large(report):
        raise DocumentTooLarge(9_000_000, 5_000_000)

    monkeypatch.setattr(tasks, "typeset", too_large)
    run_jobs()
    waiting.refresh_from_db()
    assert (waiting.state, job_of(waiting).attempts) == ("failed", 1)


@pytest.fixture
def failed(waiting, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "typeset", lambda report: 1 / 0)
        for _attempt in range(outbox.MAX_ATTEMPTS):
            run_jobs()
    waiting.refresh_from_db()
    return waiting


@pytest.mark.slow
def test_begun_again_a_failed_document_is_made(failed, editor):
    assert failed.has_failed
    restart_report(report=failed, by=editor)
    failed.refresh_from_db()
    assert (failed.state, job_of(failed).attempts) == ("requested", 0)
    run_jobs()
    failed.refresh_from_db()
    assert failed.is_ready
    assert events(failed) == ["request_report", "fail_report", "restart_report", "make_report"]


@pytest.mark.slow
def test_a_failed_document_whose_job_an_operator_retried_is_made(failed, operator):
    retry_intent(intent=job_of(failed), by=operator)
    run_jobs()
    failed.refresh_from_db()
    assert failed.is_ready


def test_a_forgotten_job_is_asked_for_again(failed, editor):
    job_of(failed).delete()
    restart_report(report=failed, by=editor)
    assert job_of(failed).state == IntentState.WAITING


def test_only_a_failed_document_begins_again(waiting, editor):
    with pytest.raises(NotPossibleNow):
        restart_report(report=waiting, by=editor)


def test_beginning_again_needs_the_function(failed, member):
    with pytest.raises(NotAllowed):
        restart_report(report=failed, by=member)


def test_a_document_that_is_not_ready_is_not_handed_out(waiting, editor):
    with pytest.raises(NotPossibleNow):
        hand_out(report=waiting, by=editor)


@pytest.mark.slow
def test_handing_out_leaves_a_trace_with_the_digest(ready, reader):
    stored = hand_out(report=ready, by=reader)
    event = AuditEvent.objects.get(verb="download")
    assert (event.actor_ref, event.object_ref) == (str(reader.uuid), str(ready.uuid))
    assert event.facts == {"digest": stored.sha256}


@pytest.mark.slow
def test_a_lost_file_is_said_and_leaves_no_trace_of_a_download(ready, editor):
    ready.file.content.storage.delete(ready.file.content.name)
    with pytest.raises(NotPossibleNow):
        hand_out(report=ready, by=editor)
    assert not AuditEvent.objects.filter(verb="download").exists()


def test_the_database_refuses_a_ready_report_without_its_file(waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=waiting.pk).update(state="ready", made_at=clock.now())


def test_who_sees_a_report(ask, body, editor, reader, member, outsider, operator):
    on_declared = ask()
    draft = SystemFactory(organization=body, draft=True, created_by=editor)
    on_draft = ask(system=draft)

    def seen_by(someone):
        return set(Report.objects.visible_to(someone))

    assert seen_by(editor) == {on_declared, on_draft}
    assert seen_by(reader) == {on_declared}  # a report on a draft stays with those who read drafts
    assert seen_by(member) == seen_by(outsider) == seen_by(operator) == set()


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "fiche-QC-MTEST-0900-{}.pdf"), ("en", "sheet-QC-MTEST-0900-{}.pdf")]
)
def test_names_of_files(ask, language, expected):
    report = ask(language=language)
    assert file_name(report) == expected.format(clock.civil_date(report.requested_at))


def test_the_demonstration_and_drafts_say_so_in_the_name_of_the_file(ask, demonstration_system):
    someone = person(demonstration_system.organization, Role.SYSTEM_OWNER)
    report = ask(system=demonstration_system, by=someone)
    assert file_name(report).startswith("fiche-DEMO-EXEMPLE-0001-")
    draft = SystemFactory(organization=demonstration_system.organization, draft=True)
    assert file_name(ask(system=draft, by=someone)).startswith("fiche-DEMO-EXEMPLE-brouillon-")


def test_a_published_version_is_reproduced_while_it_still_says_what_is_known(ask, system, editor):
    publication = publish_system(system=system, by=editor)
    report = ask()
    sheet = report.content["sheet"]
    assert (sheet["is_draft"], sheet["version_number"], sheet["digest"]) == (False, "1", publication.digest)
    assert report.content["facts"] == publication.document
    assert sheet["url"].endswith(f"/fr/systemes/{system.reference}/")
    AISystem.objects.filter(pk=system.pk).update(need_fr="Un tout nouveau besoin.")
    changed = ask().content["sheet"]
    assert (changed["is_draft"], changed["version_number"], changed["url"]) == (True, "", "")
    assert changed["digest"] != publication.digest


def test_a_public_line_is_no_sheet(ask, system, editor):
    """«Déclaré, fiche à venir»: the public reads three facts, so the sheet is a draft."""
    AISystem.objects.filter(pk=system.pk).update(data_description_fr="")
    system.refresh_from_db()
    assert publish_system(system=system, by=editor).kind == "line"
    sheet = ask().content["sheet"]
    assert sheet["is_draft"]
    assert any(row["missing"] for section in sheet["sections"] for row in section["rows"])


def test_the_sheet_on_paper_tells_every_answer_and_every_row(whole_system, editor):
    content = freeze_sheet(system=whole_system, language="fr", moment=clock.now())
    sheet = content["sheet"]
    told = {row["label"]: row["value"] for section in sheet["sections"] for row in section["rows"]}
    assert told["Risques"] == whole_system.risks_fr
    assert "Un jeu de données" in told and "Un bénéfice" in told
    assert "security" not in content["facts"]["system"]
    assert not any("Pare-feu" in str(value) for value in told.values())


def test_the_sheet_on_paper_is_no_list_of_blanks(system, editor):
    sheet = freeze_sheet(system=system, language="fr", moment=clock.now())["sheet"]
    missing = [row["label"] for section in sheet["sections"] for row in section["rows"] if row["missing"]]
    assert len(missing) <= 3
