"""The whole flow by token: begun, screened, filled in, submitted, taken back; decided by a person signed in."""

import json
from typing import Any

import pytest
from django.test import Client

from assessments.models import Assessment, ScreeningConclusion, Submission
from assessments.services.beginning import begin_assessment
from core.models import AuditEvent
from core.models.audit import ActorKind
from organizations.models import User
from organizations.workflow import Role
from tests.assessments.api import WHOLE, at, fill, stored
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db

CRITICAL = {
    "applies": "yes",
    "reason": "Des dossiers sensibles.",
    "measures": ["locks"],
    **{f"{moment}_{axis}": "4" for moment in ("before", "residual") for axis in ("severity", "likelihood")},
}
FIVE = {
    "personal_information": "yes",
    "generative_ai": "no",
    "intervention": ["development"],
    "special_situations": ["none"],
    "decision_part": "supports",
}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def in_session(user: User, path: str, data: Any, if_match: str = "*") -> Any:
    client = Client()
    client.force_login(user)
    headers = {"If-Match": if_match} if if_match else {}
    return client.post(path, json.dumps(data), content_type="application/json", headers=headers)


# --- Beginning ------------------------------------------------------------------------------------------------------
def test_an_assessment_is_begun_by_the_token(program, questionnaires, system, editor):
    answer = program.post(at("assessments"), {"system": str(system.uuid), "instrument": "every_kind"})
    made = Assessment.objects.get()
    assert answer.status_code == 201 and answer.json()["uuid"] == str(made.uuid) and version_of(answer) == '"1"'
    assert (made.created_by, made.system, made.instrument) == (editor, system, "every_kind")
    event = AuditEvent.objects.get(verb="begin_assessment")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


def test_answers_of_another_assessment_are_taken_over(program, assessment, body, editor):
    fill(program, assessment, {"name": "Tri", "people": "many"})
    other = SystemFactory(organization=body, created_by=editor, reference="QC-MTEST-0901")
    sent = {"system": str(other.uuid), "instrument": "every_kind", "source": str(assessment.uuid)}
    told = program.post(at("assessments"), sent).json()
    assert told["answers"] == {"name": "Tri", "people": "many"}


def test_a_key_sent_twice_begins_once(program, questionnaires, system):
    sent = {"system": str(system.uuid), "instrument": "every_kind"}
    first = program.post(at("assessments"), sent, Idempotency_Key="un")
    again = program.post(at("assessments"), sent, Idempotency_Key="un")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    told = refused(program.post(at("assessments"), sent, Idempotency_Key="deux"), 409, "not-now")
    assert told["existing"] == first.json()["uuid"]
    refused(program.post(at("assessments"), {**sent, "instrument": "efvp"}, Idempotency_Key="un"), 422, "key-reused")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"system": None}, 422, "system"),
        ({"system": "1"}, 422, "system"),
        ({"system": "00000000-0000-0000-0000-000000000000"}, 422, "system"),
        ({"instrument": ["efvp"]}, 422, "instrument"),
        ({"instrument": "x" * 41}, 422, "instrument"),
        ({"instrument": "aia"}, 422, "instrument"),
        ({"source": "00000000-0000-0000-0000-000000000000"}, 422, "source"),
        ({"depth": "short"}, 422, "depth"),
    ],
)
def test_what_cannot_be_begun_is_told(program, questionnaires, system, changes, status, field):
    sent = {"system": str(system.uuid), "instrument": "every_kind", **changes}
    told = refused(program.post(at("assessments"), sent), status, "invalid" if status == 422 else "not-now")
    assert field in {one["field"] for one in told.get("errors", [{"field": ""}])}
    assert not Assessment.objects.exists()


def test_nobody_begins_for_another_body(questionnaires, system, outsider, authority):
    sent = {"system": str(system.uuid), "instrument": "every_kind"}
    told = refused(Program(outsider).post(at("assessments"), sent), 422, "invalid")
    assert told["errors"][0]["field"] == "system"
    refused(Program(authority).post(at("assessments"), sent), 403, "forbidden")


def test_the_source_is_one_that_the_person_may_read_and_of_the_same_kind(program, assessment, outsider, other_system):
    hidden = begin_assessment(system=other_system, instrument="every_kind", by=outsider)
    sent = {"system": str(assessment.system.uuid), "instrument": "five_questions"}
    for source in (hidden, assessment):
        told = refused(program.post(at("assessments"), {**sent, "source": str(source.uuid)}), 422, "invalid")
        assert told["errors"][0]["field"] == "source"


# --- Depth ----------------------------------------------------------------------------------------------------------
def test_the_depth_is_chosen_and_comes_back(program, assessment):
    fill(program, assessment, {"people": "some"})
    path = at("depth", assessment.uuid)
    told = refused(program.send("PUT", path, {"depth": "short"}, If_Match='"2"'), 422, "invalid")
    assert told["errors"][0]["field"] == "reason"
    sent = {"depth": "short", "reason": "Un essai."}
    first = program.send("PUT", path, sent, If_Match='"2"')
    depth = first.json()["depth"]
    assert (depth["asked"], depth["chosen"], depth["recommended"], depth["reason"]) == (
        "short", "short", "normal", "Un essai.",
    )  # fmt: skip
    assert version_of(program.send("PUT", path, sent, If_Match='"2"')) == version_of(first) == '"3"'
    refused(program.send("PUT", path, {"depth": "full"}, If_Match='"2"'), 412, "stale")
    assert program.send("PUT", path, {"depth": ""}, If_Match='"3"').json()["depth"]["chosen"] == ""
    for depth_sent in ("deep", 1, None):
        refused(program.send("PUT", path, {"depth": depth_sent}, If_Match="*"), 422, "invalid")


# --- Submitting -----------------------------------------------------------------------------------------------------
def test_what_is_missing_is_told_by_its_place_before_anything_is_submitted(program, assessment):
    risks = {"access": {"applies": "yes", "before_severity": "3", "before_likelihood": "2"}}
    fill(program, assessment, {"name": "Tri", "ratings_of_risks": risks})
    told = refused(program.act(at("submit", assessment.uuid)), 422, "invalid")
    named = {one["field"] for one in told["errors"]}
    assert {"answers.sensitive", "answers.people", "answers.ratings_of_risks.access.reason"} <= named
    assert all(one["detail"] for one in told["errors"]) and not Submission.objects.exists()
    refused(program.act(at("submit", assessment.uuid), If_Match='"1"'), 412, "stale")
    refused(program.post(at("submit", assessment.uuid)), 428, "condition-needed")


def submitted(program: Program, assessment: Assessment, **answers: Any) -> Any:
    assert fill(program, assessment, {**WHOLE, **answers}).status_code == 200
    answer = program.act(at("submit", assessment.uuid))
    assert answer.status_code == 201, answer.content.decode()
    return answer


def test_an_assessment_is_submitted_by_the_token_and_what_is_kept_aside_is_dropped(program, assessment):
    fill(program, assessment, {"people": "some", "start": "2026-11-22"})
    fill(program, assessment, WHOLE)
    first = program.act(at("submit", assessment.uuid), Idempotency_Key="s")
    told, frozen = first.json(), Submission.objects.get()
    assert first.status_code == 201 and (told["number"], told["digest"]) == (1, frozen.digest)
    assert told["dropped"] == ["start"] and "start" not in stored(assessment)
    assert program.act(at("submit", assessment.uuid), Idempotency_Key="s").json() == told
    refused(program.act(at("submit", assessment.uuid)), 409, "not-now")
    assert program.get(at("assessment", assessment.uuid)).json()["state"] == "submitted"
    assert AuditEvent.objects.get(verb="submit_assessment").actor_kind == ActorKind.TOKEN


def test_a_submission_is_taken_back_by_whoever_made_it(program, assessment, colleague):
    submitted(program, assessment)
    refused(Program(colleague).act(at("take_back", assessment.uuid)), 403, "forbidden")
    refused(program.act(at("take_back", assessment.uuid), If_Match='"1"'), 412, "stale")
    assert program.act(at("take_back", assessment.uuid)).json()["state"] == "draft"
    refused(program.act(at("take_back", assessment.uuid)), 409, "not-now")


def test_a_draft_is_left_with_its_reason(program, assessment):
    path = at("withdraw", assessment.uuid)
    for reason in ({}, {"reason": ""}, {"reason": " \u200b"}, {"reason": "x" * 401}):
        refused(program.act(path, reason), 422, "invalid")
    refused(program.act(path, {"reason": "Abandonné."}, If_Match='"0"'), 412, "stale")
    told = program.act(path, {"reason": "Abandonné."}).json()
    assert (told["state"], told["withdrawn_reason"]) == ("withdrawn", "Abandonné.")


# --- Deciding -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("decide", {"move": "approve"}),
        ("accept_risk", {"function": "Sous-ministre", "text": "Il est accepté."}),
        ("sign", {"note": ""}),
    ],
)
def test_no_token_decides_accepts_or_signs(assessment, body, name, sent):
    everything = person(body, *Role)
    told = refused(Program(everything).act(at(name, assessment.uuid), sent), 403, "narrow-token")
    assert "scope" not in told and told["detail"]


def test_a_person_signed_in_decides_with_the_function(program, assessment, authority, colleague):
    version = submitted(program, assessment).json()["number"]
    assert version == 1
    path = at("decide", assessment.uuid)
    refused(in_session(colleague, path, {"move": "approve"}), 403, "forbidden")
    refused(in_session(authority, path, {"move": "approve"}, if_match=""), 428, "condition-needed")
    refused(in_session(authority, path, {"move": "approve"}, if_match='"1"'), 412, "stale")
    refused(in_session(authority, path, {"move": "withdraw"}), 422, "invalid")
    told = refused(in_session(authority, path, {"move": "send_back"}), 422, "invalid")
    assert told["errors"][0]["field"] == "comment"
    assert in_session(authority, path, {"move": "approve"}).json()["state"] == "decided"
    refused(in_session(authority, path, {"move": "approve"}), 409, "not-now")


def test_a_risk_that_remains_critical_is_accepted_in_writing_first(program, assessment, authority):
    measures = [{"row": "locks", "state": "planned", "owner": "Sécurité", "due_on": "2027-01-31"}]
    review = {"date": "2026-12-31"}
    submitted(program, assessment, ratings_of_risks={"access": CRITICAL}, measures=measures, review=review)
    refused(in_session(authority, at("decide", assessment.uuid), {"move": "approve"}), 409, "not-now")
    accepted = {"function": "Sous-ministre", "text": "Il est accepté, et revu bientôt."}
    path = at("accept_risk", assessment.uuid)
    refused(in_session(authority, path, {"function": "Sous-ministre"}), 422, "invalid")
    assert in_session(authority, path, accepted).status_code == 200
    refused(in_session(authority, path, accepted), 409, "not-now")
    assert in_session(authority, at("decide", assessment.uuid), {"move": "approve"}).json()["state"] == "decided"


# --- Screening ------------------------------------------------------------------------------------------------------
@pytest.fixture
def screening(system, editor) -> Assessment:
    return begin_assessment(system=system, instrument="screening", by=editor)


def test_a_screening_is_answered_and_concluded_by_the_token(program, screening):
    path = at("result", screening.uuid)
    before = program.get(path).json()
    assert len(before["missing"]) == 5 and before["conclusion"] is None
    told = refused(program.act(at("conclude", screening.uuid)), 422, "invalid")
    assert told["detail"]
    fill(program, screening, FIVE)
    outcomes = {one["instrument"]: one for one in program.get(path).json()["outcomes"]}
    efvp = outcomes["efvp"]
    assert efvp["result"] == "required" and efvp["sentence"] and efvp["change"]
    assert {"label", "origin", "certainty"} == efvp["sources"][0].keys()
    first = program.act(at("conclude", screening.uuid), Idempotency_Key="c")
    kept = ScreeningConclusion.objects.get()
    assert first.status_code == 200 and first.json()["conclusion"]["digest"] == kept.digest
    assert program.act(at("conclude", screening.uuid), Idempotency_Key="c").json() == first.json()
    refused(program.act(at("conclude", screening.uuid)), 409, "not-now")
    assert program.get(path).json()["outcomes"] == list(outcomes.values())
    assert version_of(program.get(path)) == version_of(program.get(at("assessment", screening.uuid)))


def test_what_is_added_has_its_reason(program, screening):
    fill(program, screening, FIVE)
    path = at("conclude", screening.uuid)
    for added in ({"aia": ""}, {"nobody": "Pour voir."}, {"aia": ["x"]}, ["aia"], {"aia": "x" * 1001}):
        refused(program.act(path, {"added": added}), 422, "invalid")
    refused(program.act(path, {"added": {}}, If_Match='"1"'), 412, "stale")
    told = program.act(path, {"added": {"aia": "Le comité la souhaite."}}).json()["conclusion"]
    assert told["added"] == [{"instrument": "aia", "reason": "Le comité la souhaite."}]


def test_not_required_is_signed_by_the_privacy_officer_in_person(program, screening, reviewer, colleague):
    path = at("sign", screening.uuid)
    refused(in_session(reviewer, path, {}), 409, "not-now")
    nothing = {**FIVE, "personal_information": "no", "intervention": ["no_project"], "decision_part": "none"}
    fill(program, screening, nothing)
    told = program.act(at("conclude", screening.uuid)).json()["conclusion"]
    assert (told["to_sign"], told["signed_at"]) == (True, None)
    refused(in_session(colleague, path, {}), 403, "forbidden")
    signed = in_session(reviewer, path, {"note": "Vu."}).json()["conclusion"]
    assert signed["signed_at"] and signed["note"] == "Vu."
    refused(in_session(reviewer, path, {}), 409, "not-now")


def test_what_is_no_screening_has_no_result(program, assessment):
    refused(program.get(at("result", assessment.uuid)), 404, "not-found")
    refused(program.act(at("conclude", assessment.uuid)), 404, "not-found")


def test_what_a_screening_answered_is_told_by_the_assessments_of_its_system(program, screening, system, editor):
    efvp = begin_assessment(system=system, instrument="efvp", by=editor)
    fill(program, screening, FIVE)
    assert program.act(at("conclude", screening.uuid)).status_code == 200
    assert program.get(at("assessment", efvp.uuid)).json()["screened"] == FIVE


# --- Beside what is not one's own -----------------------------------------------------------------------------------
def test_the_assessment_of_another_body_is_not_found(outsider, assessment):
    program = Program(outsider)
    for name in ("submit", "withdraw", "take_back", "conclude", "history", "result"):
        path = at(name, assessment.uuid)
        answer = program.get(path) if name in {"history", "result"} else program.act(path)
        refused(answer, 404, "not-found")
    refused(in_session(outsider, at("decide", assessment.uuid), {"move": "approve"}), 404, "not-found")
