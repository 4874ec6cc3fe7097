"""Assessments filled in by a program: whole answers, conditions, every fault told by its place, nothing half saved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Assessment
from core.models import AuditEvent
from core.models.audit import ActorKind
from core.rest.parsing import LARGEST
from tests.assessments.api import at, beside, fill, stored
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


EVERYTHING = {
    "name": "Tri",
    "story": "Deux\nlignes.",
    "sensitive": "unsure",
    "people": "many",
    "uses": ["sorting", "profiling"],
    "records": 1250.5,
    "start": "2026-11-22",
    "page": "https://organisme.example/aide",
    "law": {"choice": "permitted", "text": "Article 1."},
    "clauses": {"audit": {"state": "yes", "proof": "Page 3"}, "training": {"state": "not_applicable"}},
    "data": [{"row": "r0001aaaa", "what": "Nom", "count": 3}, {"row": "r0002aaaa", "what": "Adresse", "kept": "here"}],
    "criteria": {"useful": {"verdict": "met", "reason": "Oui."}},
    "ratings": {"secrecy": "high"},
    "in_charge": {"function": "Direction"},
    "answers_within": {"function": "Service", "days": 30},
    "links": [{"row": "r0001aaaa", "kind": "system", "reference": "QC-MTEST-0900 – Tri"}],
    "notice": {"text": "Un avis."},
    "measures": [{"row": "locks", "state": "planned", "owner": "Sécurité", "due_on": "2027-01-31"}],
    "ratings_of_risks": {"access": {"applies": "yes", "before_severity": "2", "measures": ["locks", "copies"]}},
    "review": {"date": "2027-11-22", "events": ["change"]},
}


# --- Saving ---------------------------------------------------------------------------------------------------------
def test_every_kind_of_answer_comes_back_as_it_was_sent(program, assessment):
    told = fill(program, assessment, EVERYTHING, If_Match='"1"')
    assert told.status_code == 200, told.content.decode()
    assert told.json()["answers"] == EVERYTHING == stored(assessment) and version_of(told) == '"2"'
    again = fill(program, assessment, told.json()["answers"], If_Match='"2"')
    assert version_of(again) == '"2"' and again.json()["answers"] == EVERYTHING


def test_only_what_is_sent_changes_and_each_answer_whole(program, assessment):
    fill(program, assessment, EVERYTHING)
    sent = {"law": {"choice": "forbidden"}, "data": [{"row": "r0002aaaa", "what": "Courriel"}, {"what": "Âge"}]}
    told = fill(program, assessment, sent).json()["answers"]
    assert told["law"] == {"choice": "forbidden"}
    kept, new = told["data"]
    assert kept == {"row": "r0002aaaa", "what": "Courriel"} and (new["what"], new["row"][:5]) == ("Âge", "r0003")
    assert {code: told[code] for code in EVERYTHING.keys() - sent} == {
        code: EVERYTHING[code] for code in EVERYTHING.keys() - sent
    }


def test_null_empties_an_answer_of_any_kind(program, assessment):
    fill(program, assessment, EVERYTHING)
    told = fill(program, assessment, dict.fromkeys(EVERYTHING)).json()["answers"]
    assert told == {} == stored(assessment)


def test_files_stay_when_an_answer_is_sent_whole(program, assessment):
    moment = assessment.updated_at
    Answer.objects.create(
        assessment=assessment, question="notice", version=1, updated_at=moment, updated_by=assessment.created_by,
        value={"text": "Un avis.", "files": ["0b0e9a3e-4f3e-4c3b-9d55-3a6f0d8f2c11"]},
    )  # fmt: skip
    for sent in ({"text": "Autre."}, {"text": "Encore.", "files": []}, None):
        told = fill(program, assessment, {"notice": sent}).json()["answers"]["notice"]
        assert told["files"] == ["0b0e9a3e-4f3e-4c3b-9d55-3a6f0d8f2c11"], sent
    assert "text" not in told


def test_the_ledger_and_the_history_name_the_person_and_the_token(program, assessment, editor):
    fill(program, assessment, {"name": "Tri"})
    event = AuditEvent.objects.get(verb="change_answers")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))
    assert event.facts == {"version": 2, "answers": ["name"]}
    assert Answer.objects.get().updated_by == editor


# --- Conditions -----------------------------------------------------------------------------------------------------
def test_a_change_without_its_version_is_refused(program, assessment, editor):
    path = at("assessment", assessment.uuid)
    refused(program.patch(path, {"name": "x"}), 428, "condition-needed")
    refused(program.patch(path, {"name": "x"}, If_Match="x"), 400, "malformed")
    refused(program.patch(path, {"name": "x"}, If_Match='W/"1"'), 412, "weak-tag")
    told = refused(Program(editor, language="en").patch(path, {"name": "x"}, If_Match='"abc"'), 412, "stale")
    assert told["detail"].startswith("If-Match must hold the version that was read") and '"abc"' in told["detail"]
    assert (told["current"], told["conflicts"]) == ('"1"', [])
    assert stored(assessment) == {}


def test_the_same_change_twice_changes_once(program, assessment):
    sent = {
        "name": " Tri  des demandes ",
        "data": [{"what": "Nom"}, {"what": "Adresse"}],
        "uses": ["deciding", "sorting"],
    }
    first = fill(program, assessment, sent, If_Match='"1"')
    again = fill(program, assessment, sent, If_Match='"1"')
    assert (first.status_code, again.status_code) == (200, 200) and first.json() == again.json()
    assert version_of(again) == '"2"' and len(stored(assessment)["data"]) == 2


def test_a_stale_change_shows_both_values_of_each_leaf_and_writes_nothing(program, assessment, save, colleague):
    save(assessment, {"law.choice": "permitted", "law.text": "Le même.", "records": 12}, by=colleague)
    before = stored(assessment)
    sent = {"law": {"choice": "forbidden", "text": "Le même."}, "records": None, "name": "Tri"}
    told = refused(fill(program, assessment, sent, If_Match='"1"'), 412, "stale")
    assert {one["field"]: (one["stored"], one["sent"]) for one in told["conflicts"]} == {
        "law.choice": ("permitted", "forbidden"),
        "records": (12, ""),
        "name": ("", "Tri"),
    }
    assert all(one["label"] for one in told["conflicts"])
    assert told["current"] == '"2"' and stored(assessment) == before
    assert fill(program, assessment, sent, If_Match=told["current"]).status_code == 200
    assert stored(assessment) == {"law": sent["law"], "name": "Tri"}


def test_a_key_sent_again_answers_though_the_assessment_moved_on(program, assessment, save):
    first = fill(program, assessment, {"name": "Tri"}, If_Match='"1"', Idempotency_Key="k")
    save(assessment, {"story": "Après."})
    again = fill(program, assessment, {"name": "Tri"}, If_Match='"1"', Idempotency_Key="k")
    assert again.status_code == 200 and version_of(first) == '"2"' and version_of(again) == '"3"'
    refused(fill(program, assessment, {"name": "Autre"}, Idempotency_Key="k"), 422, "key-reused")


def test_what_is_no_longer_a_draft_is_not_written(program, assessment):
    assert program.act(at("withdraw", assessment.uuid), {"reason": "Abandonné."}).status_code == 200
    refused(fill(program, assessment, {"name": "x"}), 409, "not-now")


# --- Bad input ------------------------------------------------------------------------------------------------------
ROW = {"row": "r0001aaaa", "what": "x"}


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"nobody": "x"}, ["answers.nobody"]),
        ({"name.more": "x", "": "y"}, ["answers.name.more", "answers."]),
        ({"name": {"text": "x"}}, ["answers.name"]),
        ({"name": ["x"]}, ["answers.name"]),
        ({"name": 3, "records": "douze", "people": "thousands"}, ["answers.name", "answers.records", "answers.people"]),
        ({"name": "x" * 81}, ["answers.name"]),
        ({"story": "x" * 900_000}, ["answers.story"]),
        ({"people": True, "sensitive": None, "uses": "sorting"}, ["answers.people", "answers.uses"]),
        ({"uses": ["nothing", "sorting"]}, ["answers.uses"]),
        ({"records": -1, "start": "hier"}, ["answers.records", "answers.start"]),
        ({"page": "javascript:alert(1)"}, ["answers.page"]),
        ({"records": 10**29, "start": 20261122}, ["answers.records", "answers.start"]),
        ({"law": "permitted"}, ["answers.law"]),
        ({"law": {"choice": "yes", "nothing": "x"}}, ["answers.law.choice", "answers.law.nothing"]),
        ({"law": {"text": {"fr": "x"}}}, ["answers.law.text"]),
        ({"clauses": {"audit": {"state": "met"}}}, ["answers.clauses.audit.state"]),
        ({"clauses": {"nobody": {"state": "yes"}}}, ["answers.clauses.nobody.state"]),
        ({"clauses": ["yes"]}, ["answers.clauses"]),
        ({"data": {"what": "x"}}, ["answers.data"]),
        ({"data": ["x"]}, ["answers.data"]),
        ({"data": [ROW, {"what": ["x"], "count": "trois"}]}, ["answers.data.1.what", "answers.data.1.count"]),
        ({"data": [{"row": "r1", "what": "x"}]}, ["answers.data.r1.what"]),
        ({"data": [{"row": ["r0001aaaa"], "what": "x"}]}, None),
        ({"data": [{"row": {"a": 1}}, {"row": 7, "what": "x"}]}, None),
        ({"data": [ROW, ROW]}, ["answers.data.r0001aaaa"]),
        ({"data": [{"row": "r0001aaaa", "nothing": "x"}]}, ["answers.data.r0001aaaa.nothing"]),
        ({"data": [{"what": str(number)} for number in range(5_000)]}, ["answers.data"]),
        ({"ratings_of_risks": {"access": {"now_severity": "5"}}}, ["answers.ratings_of_risks.access.now_severity"]),
        ({"ratings_of_risks": {"tracking": {"measures": ["nobody"]}}}, ["answers.ratings_of_risks.tracking.measures"]),
        ({"measures": [{"row": "nobody", "state": "planned"}]}, ["answers.measures.nobody.state"]),
        ({"answers_within": {"days": 1.5}}, ["answers.answers_within.days"]),
        ({"links": [{"kind": "dataset"}]}, ["answers.links.0.kind"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_place_and_nothing_is_saved(program, assessment, sent, fields):
    answer = fill(program, assessment, {"story": "Juste.", **sent})
    told = refused(answer, 422, "invalid")
    named = [one["field"] for one in told["errors"]]
    assert named == fields if fields else all(name.startswith(f"answers.{next(iter(sent))}") for name in named)
    assert all(one["detail"] and "\n" not in one["detail"] for one in told["errors"]) and len(answer.content) < 20_000
    assert stored(assessment) == {} and Assessment.objects.get().version == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"answers": {"story": "%s"}}' % (b"x" * 10_000_000), 413, "too-large"),
        (b'{"answers": {"name": NaN}}', 400, "malformed"),
        (b'{"answers": {"name": "x", "name": "y"}}', 400, "malformed"),
        (b'{"answers": {"name": "\xff"}}', 400, "malformed"),
        (b'{"answers": {"data": ' + b"[" * 50 + b"]" * 50 + b"}}", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b"{}", 422, "invalid"),
        (b'{"answers": []}', 422, "invalid"),
        (b'{"answers": null}', 422, "invalid"),
        (b'{"answers": {}, "version": 1}', 422, "invalid"),
    ],
)
def test_what_is_no_object_of_answers_is_refused_whole(program, assessment, content, status, code):
    refused(program.send("PATCH", at("assessment", assessment.uuid), content, If_Match="*"), status, code)
    assert stored(assessment) == {}


def test_many_faults_are_told_up_to_a_hundred(program, assessment):
    told = refused(fill(program, assessment, {f"nobody_{number}": "x" for number in range(5_000)}), 422, "invalid")
    assert len(told["errors"]) == 100
    rows = [{"row": f"r{number:04}aaaa", "what": 1, "count": "x", "until": 2} for number in range(1, 200)]
    told = refused(fill(program, assessment, {"data": rows}), 422, "invalid")
    assert len(told["errors"]) == 100 and told["errors"][1]["field"] == "answers.data.r0001aaaa.count"


def test_what_a_stranger_wrote_comes_back_harmless(program, assessment):
    sent = {"story": "<script>alert(1)</script> \u202e=1+1 \u0000\u001b[2J", "nobody\u0000\u001b" * 50: "x"}
    told = refused(fill(program, assessment, sent), 422, "invalid")
    assert "\u0000" not in told["detail"] and "\u001b" not in str(told["errors"]) and len(told["detail"]) < 200
    del sent["nobody\u0000\u001b" * 50]
    told = fill(program, assessment, sent).json()["answers"]["story"]
    assert told == "<script>alert(1)</script> =1+1 [2J"


def test_a_table_as_large_as_it_may_be_is_replaced_by_another(program, assessment):
    rows = [{"what": f"Donnée {number}"} for number in range(200)]
    assert fill(program, assessment, {"data": rows}).status_code == 200
    others = [{"what": f"Autre {number}"} for number in range(200)]
    told = fill(program, assessment, {"data": others}).json()["answers"]["data"]
    assert [row["what"] for row in told] == [row["what"] for row in others]
    refused(fill(program, assessment, {"data": [*rows, {"what": "de trop"}]}), 422, "invalid")


def test_the_largest_request_is_just_under_a_megabyte(program, assessment):
    sent = {"name": "x" * (LARGEST + 1)}
    refused(fill(program, assessment, sent), 413, "too-large")


# --- Queries --------------------------------------------------------------------------------------------------------
def test_saving_costs_the_same_beside_few_and_many_assessments(program, assessment, body, editor, questionnaires):
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = fill(program, assessment, {**EVERYTHING, "name": name})
        assert answer.status_code == 200 and answer.json()["answers"]["name"] == name
        return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])

    fill(program, assessment, EVERYTHING)
    beside(assessment, 10)
    few = queries("Peu")
    beside(assessment, 1_000)
    assert queries("Beaucoup") == few <= 12
