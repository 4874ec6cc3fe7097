"""Submitting, deciding, accepting, leaving: what is frozen, what is dropped, who may, when."""

import json
from dataclasses import asdict

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from assessments.exports.told import told_of
from assessments.models import Answer, Assessment, RiskAcceptance, Submission
from assessments.questionnaires import digest_of
from assessments.services.beginning import begin_assessment
from assessments.services.submitting import (
    accept_risk,
    decide_assessment,
    submit_assessment,
    withdraw_assessment,
)
from assessments.workflow import AssessmentState
from core.models import AuditEvent
from core.services import EditConflict, InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization
from organizations.workflow import SecondLook
from review.models import Case
from tests.assessments.conftest import WHOLE
from tests.assessments.exported import read

pytestmark = pytest.mark.django_db
CRITICAL = {
    "ratings_of_risks.access.applies": "yes",
    "ratings_of_risks.access.before_severity": "4",
    "ratings_of_risks.access.before_likelihood": "4",
    "ratings_of_risks.access.residual_severity": "4",
    "ratings_of_risks.access.residual_likelihood": "3",
    "ratings_of_risks.access.reason": "Données de santé",
    "ratings_of_risks.access.measures": ["locks"],
    "measures.locks.owner": "Sécurité",
    "measures.locks.due_on": "2026-12-01",
    "review.date": "2026-12-15",
}


@pytest.fixture
def whole(assessment, save):
    save(assessment, WHOLE)
    return assessment


@pytest.fixture
def submitted(whole, editor):
    submit_assessment(assessment=whole, by=editor)
    return Assessment.objects.get(pk=whole.pk)


@pytest.fixture
def critical(whole, save, editor):
    save(whole, CRITICAL)
    submit_assessment(assessment=whole, by=editor)
    return Assessment.objects.get(pk=whole.pk)


def decide(assessment, by, move="approve", comment=""):
    return decide_assessment(assessment=assessment, move=move, comment=comment, by=by)


def test_what_is_submitted_is_frozen_under_its_digest(whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    document = submission.document
    assert submission.digest == digest_of(document) == submission.case.digest
    assert document["answers"]["name"] == "Tri des demandes"
    assert document["depth"]["asked"] == "short" and document["facts"]["body.sigle"] == "MTEST"
    assert document["questionnaire"] == {"name": "every_kind/1.0", "digest": whole.version_asked.digest}
    submission.refresh_from_db()
    assert digest_of(submission.document) == submission.digest


def test_a_whole_record_with_its_days_and_numbers_is_frozen_too(questionnaires, whole_system, editor, save):
    assessment = begin_assessment(system=whole_system, instrument="every_kind", by=editor)
    save(assessment, WHOLE)
    submission = submit_assessment(assessment=assessment, by=editor)
    submission.refresh_from_db()
    assert digest_of(submission.document) == submission.digest


def test_while_something_is_missing_nothing_is_submitted(whole, save, editor):
    save(whole, {"people": ""})
    with pytest.raises(InvalidInput) as refusal:
        submit_assessment(assessment=whole, by=editor)
    assert refusal.value.field == "people"
    assert not Submission.objects.exists() and not Case.objects.exists()


def test_a_rule_of_risks_that_does_not_hold_is_named_by_its_leaf(whole, save, editor):
    save(whole, CRITICAL | {"ratings_of_risks.access.reason": ""})
    with pytest.raises(InvalidInput) as refusal:
        submit_assessment(assessment=whole, by=editor)
    assert refusal.value.field == "ratings_of_risks.access.reason"
    save(whole, CRITICAL | {"review.date": ""})
    with pytest.raises(InvalidInput) as refusal:
        submit_assessment(assessment=whole, by=editor)
    assert refusal.value.field == "review.date"


def test_answers_that_are_not_asked_any_more_are_listed_and_gone(whole, save, editor):
    save(whole, {"people": "many", "law.choice": "permitted", "sensitive": "yes", "uses": ["sorting", "profiling"]})
    save(whole, {"people": "few", "sensitive": "no", "in_charge.function": "Direction"})
    submission = submit_assessment(assessment=whole, by=editor)
    assert submission.document["dropped"] == ["law", "in_charge"]
    assert submission.document["dropped_parts"] == ["uses."]
    assert submission.document["answers"]["uses"] == ["sorting"]
    assert whole.values() == submission.document["answers"]
    event = AuditEvent.objects.get(verb="submit_assessment")
    assert event.facts == {"number": 1, "digest": submission.digest, "dropped": 2}


def test_a_dropped_answer_never_comes_back(whole, save, editor, reviewer):
    save(whole, {"people": "many", "law.choice": "permitted"})
    read = Assessment.objects.get(pk=whole.pk).version
    save(whole, {"people": "few"})
    submit_assessment(assessment=whole, by=editor)
    decide(whole, reviewer, "send_back", "Nommer la loi")
    saved = save(whole, {"people": "many"})
    assert saved.reading.value_of("law") is None
    page = save(whole, {"law.choice": "permitted", "story": "x"}, version=read)
    assert page.reading.value_of("law") is None and not page.differences
    kept = Answer.pgh_event_models["insert"].objects.filter(question="law").order_by("pgh_id")
    assert [one.value for one in kept] == [{"choice": "permitted"}, None]
    assert kept.last().updated_by_id == editor.pk


def test_who_may_submit(whole, outsider, reader, authority):
    for refused in (outsider, reader, authority):
        with pytest.raises(NotAllowed):
            submit_assessment(assessment=whole, by=refused)


def test_a_page_that_is_late_submits_nothing(whole, editor):
    with pytest.raises(EditConflict):
        submit_assessment(assessment=whole, by=editor, version=1)


def test_what_is_submitted_takes_no_answer_and_no_second_submission(submitted, save, editor):
    with pytest.raises(NotPossibleNow):
        save(submitted, {"name": "Autre"})
    with pytest.raises(NotPossibleNow):
        submit_assessment(assessment=submitted, by=editor)
    with pytest.raises(NotPossibleNow):
        withdraw_assessment(assessment=submitted, reason="x", by=editor)


def test_who_decides(submitted, editor, outsider, authority, colleague):
    for refused in (editor, outsider, colleague):
        with pytest.raises(NotAllowed):
            decide(submitted, refused)
    assert decide(submitted, authority).state == AssessmentState.DECIDED


def test_a_decision_is_made_once(submitted, reviewer):
    decide(submitted, reviewer)
    with pytest.raises(NotPossibleNow):
        decide(submitted, reviewer)


def test_a_move_that_does_not_exist_changes_nothing(submitted, reviewer):
    with pytest.raises(NotPossibleNow):
        decide(submitted, reviewer, "publish")
    submitted.refresh_from_db()
    assert submitted.state == AssessmentState.SUBMITTED


def test_what_is_sent_back_says_why_and_is_written_again(submitted, reviewer, save, editor):
    with pytest.raises(InvalidInput):
        decide(submitted, reviewer, "send_back")
    assert decide(submitted, reviewer, "send_back", "Nommer la loi").is_open
    save(submitted, {"story": "Précisé"})
    assert submit_assessment(assessment=submitted, by=editor).number == 2


def test_who_submitted_takes_it_back(submitted, editor, colleague):
    with pytest.raises(NotAllowed):
        decide(submitted, colleague, "withdraw")
    assert decide(submitted, editor, "withdraw").is_open


def test_where_a_second_look_is_required_who_wrote_does_not_decide(whole, save, editor, reviewer, authority):
    Organization.objects.update(second_look=SecondLook.REQUIRED)
    whole.organization.refresh_from_db()
    save(whole, {"story": "Par la personne qui décide"}, by=reviewer)
    submit_assessment(assessment=whole, by=editor)
    with pytest.raises(NotAllowed):
        decide(whole, reviewer)
    assert decide(whole, authority).state == AssessmentState.DECIDED


def test_where_a_second_look_is_required_who_submits_does_not_decide(whole, reviewer):
    Organization.objects.update(second_look=SecondLook.REQUIRED)
    whole.organization.refresh_from_db()
    submit_assessment(assessment=whole, by=reviewer)
    with pytest.raises(NotAllowed):
        decide(whole, reviewer)


def test_a_newer_one_replaces_the_former(submitted, reviewer, editor, save):
    decide(submitted, reviewer)
    newer = begin_assessment(system=submitted.system, instrument="every_kind", by=editor, source=submitted)
    assert newer.values()["name"] == "Tri des demandes"
    submit_assessment(assessment=newer, by=editor)
    decide(newer, reviewer)
    submitted.refresh_from_db()
    assert submitted.state == AssessmentState.SUPERSEDED
    assert AuditEvent.objects.filter(verb="replace_assessment", object_ref=str(submitted.uuid)).exists()


def test_what_remains_critical_waits_for_its_acceptance(critical, reviewer, authority):
    assert critical.level == "critical"
    with pytest.raises(NotPossibleNow):
        decide(critical, reviewer)
    accept_risk(assessment=critical, function="Sous-ministre", text="Accepté pour un an.", by=authority)
    assert decide(critical, reviewer).state == AssessmentState.DECIDED


def test_an_acceptance_is_of_one_submission(critical, reviewer, authority, editor):
    accept_risk(assessment=critical, function="Sous-ministre", text="Accepté.", by=authority)
    decide(critical, reviewer, "send_back", "Revoir")
    submit_assessment(assessment=critical, by=editor)
    with pytest.raises(NotPossibleNow):
        decide(critical, reviewer)


@pytest.mark.parametrize(
    ("function", "text", "field"), [("", "x", "function"), ("x", " ", "text"), ("x" * 201, "x", "function")]
)
def test_an_acceptance_says_who_and_why(critical, authority, function, text, field):
    with pytest.raises(InvalidInput) as refusal:
        accept_risk(assessment=critical, function=function, text=text, by=authority)
    assert refusal.value.field == field


def test_who_accepts_and_when(critical, editor, reviewer, authority):
    for refused in (editor, reviewer):
        with pytest.raises(NotAllowed):
            accept_risk(assessment=critical, function="x", text="y", by=refused)
    accept_risk(assessment=critical, function="x", text="y", by=authority)
    with pytest.raises(NotPossibleNow):
        accept_risk(assessment=critical, function="x", text="y", by=authority)


def test_nothing_is_accepted_where_nothing_is_critical(submitted, authority):
    with pytest.raises(NotPossibleNow):
        accept_risk(assessment=submitted, function="x", text="y", by=authority)


def test_a_draft_is_left_with_its_reason(whole, editor):
    with pytest.raises(InvalidInput):
        withdraw_assessment(assessment=whole, reason=" ", by=editor)
    left = withdraw_assessment(assessment=whole, reason="Projet abandonné", by=editor)
    assert (left.state, left.withdrawn_reason) == (AssessmentState.WITHDRAWN, "Projet abandonné")
    assert begin_assessment(system=whole.system, instrument="every_kind", by=editor).is_open


@pytest.mark.parametrize("model", [Submission, RiskAcceptance])
def test_what_is_frozen_is_never_changed(critical, authority, model):
    accept_risk(assessment=critical, function="x", text="y", by=authority)
    rows = model.objects.all()
    column = "document" if model is Submission else "text"
    for write in (lambda: rows.update(**{column: "z"}), rows.delete, lambda: rows._raw_delete(rows.db)):
        with pytest.raises((ProgrammingError, ProtectedError)), transaction.atomic():
            write()


def test_the_ledger_holds_no_text(critical, reviewer, authority, editor, save):
    accept_risk(assessment=critical, function="Sous-ministre", text="Secret un", by=authority)
    decide(critical, reviewer, "send_back", "Secret deux")
    save(critical, {"story": "Secret trois"})
    withdraw_assessment(assessment=critical, reason="Secret quatre", by=editor)
    told = " ".join(f"{event.verb} {event.facts}" for event in AuditEvent.objects.all())
    assert "Secret" not in told and "Données de santé" not in told
    verbs = ["begin_assessment", "submit_assessment", "submit", "accept_risk", "send_back", "withdraw_assessment"]
    assert all(verb in told for verb in verbs)


def test_what_was_accepted_and_decided_is_read_afterwards(critical, reviewer, authority, as_user):
    """On its page and in what is taken away of it; not in the extract for everyone."""
    accept_risk(assessment=critical, function="Sous-ministre", text="Accepté pour un an.", by=authority)
    decide(critical, reviewer, comment="Suivi au printemps.")
    page = as_user(reviewer).get(reverse("assessments:assessment", args=[critical.uuid])).content.decode()
    wanted = ("Sous-ministre", "Accepté pour un an.", "Suivi au printemps.", str(reviewer))
    assert [text for text in wanted if text not in page] == [] and "doit l'accepter par écrit" not in page
    told = json.dumps(asdict(told_of(read(critical))), ensure_ascii=False)
    assert [text for text in wanted if text not in told] == []
    extract = json.dumps(asdict(told_of(read(critical), is_extract=True)), ensure_ascii=False)
    assert [text for text in wanted if text in extract] == []
    assert as_user(reviewer).get(reverse("assessments:decide", args=[critical.uuid])).status_code == 303


def test_an_acceptance_without_its_reason_is_asked_again_with_what_was_typed(critical, authority, as_user):
    address = reverse("assessments:accept", args=[critical.uuid])
    answer = as_user(authority).post(address, {"function": "Sous-ministre", "text": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="Sous-ministre"' in page and 'href="#id_text"' in page


def test_who_decides_is_not_offered_what_would_be_refused(critical, reviewer, authority, as_user):
    address = reverse("assessments:decide", args=[critical.uuid])
    assert 'value="approve"' not in as_user(reviewer).get(address).content.decode()
    accept_risk(assessment=critical, function="Sous-ministre", text="Accepté.", by=authority)
    assert 'value="approve"' in as_user(reviewer).get(address).content.decode()
