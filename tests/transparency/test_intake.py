"""What visitors hand in is kept once, told to the body by a job, and never says who they are."""

import uuid

import pytest

from core.audit import Visitor
from core.models import AuditEvent, Intent
from core.services import InvalidInput, NotPossibleNow
from registry.models import ErrorReport, ScopeAnswer
from registry.services import intake
from registry.services.intake import keep_scope_answer, report_error
from registry.services.publication import withdraw_publication
from tests.factories.publications import published_again, publisher_of

ANSWERS = {"used": "yes", "ai": "yes", "decides": "no", "personal": "unsure"}


def hand_in(sheet, **changes) -> ErrorReport:
    told = {"reference": sheet.reference, "message": "Le téléphone est faux.", "request_key": uuid.uuid4()}
    return report_error(by=Visitor(), **(told | changes))


def test_a_report_goes_to_the_body_of_the_version_shown(sheet):
    published_again(sheet, need_fr="Un autre besoin.")
    report = hand_in(sheet, email="moi@exemple.example", language="en")
    assert (report.reference, report.version_number, report.state) == (sheet.reference, 2, "received")
    assert (report.organization, report.language) == (sheet.organization, "en")
    assert Intent.objects.get(task="registry.tasks.tell_error_report").arguments == {"report": report.pk}


def test_the_event_tells_no_text_and_nobody(sheet):
    report = hand_in(sheet, message="Je m'appelle Untel.", email="moi@exemple.example")
    event = AuditEvent.objects.get(verb="report_error")
    assert (event.actor_kind, event.actor_ref) == ("visitor", "visitor")
    assert event.object_ref == str(report.uuid)
    assert event.facts == {"reference": sheet.reference, "version": 1}


def test_sent_twice_it_is_kept_once(sheet):
    key = uuid.uuid4()
    assert hand_in(sheet, request_key=key) == hand_in(sheet, request_key=key)
    assert ErrorReport.objects.count() == 1
    assert Intent.objects.exclude(task="registry.tasks.make_public_files").count() == 1


def test_codes_are_drawn_at_random_and_easy_to_read(sheet):
    codes = {hand_in(sheet).code for _number in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 14 and not set(code) & set("IO01") for code in codes)


def test_control_characters_are_left_out(sheet):
    report = hand_in(sheet, message="Ligne 1\r\nLigne\0 2\x1b", email=" moi@exemple.example\n")
    assert report.message == "Ligne 1\nLigne 2"
    assert report.email == "moi@exemple.example"


@pytest.mark.parametrize("message", ["", "  \n\t", "\0\0", "x" * 2001])
def test_an_empty_or_endless_message_is_refused(sheet, message):
    with pytest.raises(InvalidInput) as refusal:
        hand_in(sheet, message=message)
    assert refusal.value.field == "message"
    assert not ErrorReport.objects.exists() and not AuditEvent.objects.filter(verb="report_error").exists()


def test_no_report_on_a_sheet_that_nobody_sees(sheet):
    with pytest.raises(NotPossibleNow):
        hand_in(sheet, reference="QC-RIEN-0001")
    withdraw_publication(system=sheet, reason="Erreur.", by=publisher_of(sheet.organization))
    with pytest.raises(NotPossibleNow):
        hand_in(sheet)


def test_a_sheet_takes_no_more_than_so_many_open_reports(sheet, monkeypatch):
    monkeypatch.setattr(intake, "MOST_OPEN_REPORTS", 2)
    hand_in(sheet)
    hand_in(sheet)
    with pytest.raises(NotPossibleNow):
        hand_in(sheet)
    assert ErrorReport.objects.count() == 2


def test_a_scope_answer_is_kept_with_its_result(db):
    kept = keep_scope_answer(answers=ANSWERS, tool=" Copilot\n", by=Visitor(), request_key=uuid.uuid4())
    assert (kept.result, kept.rules_version, kept.tool, kept.user) == ("yes", "1.0", "Copilot", None)
    assert kept.answers == ANSWERS
    event = AuditEvent.objects.get(verb="ask_scope")
    assert event.facts == {"result": "yes", "rule": "ai", "rules": "1.0"}


def test_a_scope_answer_of_a_person_is_kept_under_their_name(editor):
    kept = keep_scope_answer(answers=ANSWERS, by=editor, request_key=uuid.uuid4())
    assert kept.user == editor
    assert AuditEvent.objects.get(verb="ask_scope").actor_ref == str(editor.uuid)


def test_a_scope_answer_sent_twice_is_kept_once(editor):
    key = uuid.uuid4()
    for _time in range(2):
        keep_scope_answer(answers=ANSWERS, by=editor, request_key=key)
    assert ScopeAnswer.objects.count() == 1


@pytest.mark.parametrize("answers", [{}, {**ANSWERS, "ai": "maybe"}, {"used": "yes"}])
def test_a_missing_answer_is_refused(db, answers):
    with pytest.raises(InvalidInput):
        keep_scope_answer(answers=answers, by=Visitor(), request_key=uuid.uuid4())
    assert not ScopeAnswer.objects.exists()
