"""Assessments read by a program of staff: scope, filters, pages, constant queries."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from assessments.questionnaires import digest_of
from assessments.services.beginning import begin_assessment
from organizations.workflow import Role, Scope
from tests.assessments.api import at, beside
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


# --- One assessment -------------------------------------------------------------------------------------------------
def test_an_assessment_is_read_with_its_answers_and_what_it_waits_for(program, assessment, save):
    save(assessment, {"name": "Tri", "data.r0001aaaa.what": "Adresses", "law.choice": "permitted"})
    answer = program.get(at("assessment", assessment.uuid))
    told = answer.json()
    assert answer.status_code == 200 and version_of(answer) == '"2"'
    assert (told["uuid"], told["system"]) == (str(assessment.uuid), str(assessment.system.uuid))
    assert (told["body"], told["instrument"], told["questionnaire"]) == ("MTEST", "every_kind", "1.0")
    assert (told["state"], told["version"], told["done"], told["required"]) == ("draft", 2, 1, 4)
    assert told["answers"] == Assessment.objects.get().values() and told["answers"]["name"] == "Tri"
    assert told["asked"][:3] == ["name", "story", "sensitive"]
    missing = {one["field"]: one["detail"] for one in told["missing"]}
    assert missing.keys() == {"sensitive", "people", "ratings_of_risks"} and "Sensible?" in missing["sensitive"]
    assert told["depth"]["asked"] in {"short", "normal", "full"} and told["depth"]["chosen"] == ""
    assert told["digest"] == assessment.version_asked.digest and told["screened"] == {}


def test_risks_kept_aside_and_what_does_not_follow_the_rules_are_told(program, assessment, save):
    risks = {"applies": "yes", "before_severity": "4", "before_likelihood": "4"}
    leaves = {f"ratings_of_risks.access.{name}": value for name, value in risks.items()}
    save(assessment, {"people": "some", "start": "2026-11-01", **leaves})
    save(assessment, {"people": "few"})
    told = program.get(at("assessment", assessment.uuid)).json()
    assert told["level"] == "critical" and told["kept_aside"] == ["start"]
    assert told["answers"]["start"] == "2026-11-01" and "start" not in told["asked"]
    problems = {(one["risk"], one["rule"]): one for one in told["problems"]}
    reason = problems["access", "reason_missing"]
    assert reason["field"] == "ratings_of_risks.access.reason" and reason["blocks"] and reason["detail"]


def test_what_one_may_not_see_is_not_found(assessment, outsider, reader):
    for user in (outsider, reader):
        program = Program(user)
        refused(program.get(at("assessment", assessment.uuid)), 404, "not-found")
        refused(program.get(at("history", assessment.uuid)), 404, "not-found")
        assert program.get(at("assessments")).json()["count"] == 0
    refused(Program(outsider).get(at("assessment", uuid.uuid4())), 404, "not-found")


def test_nobody_is_let_in_without_a_good_token(assessment):
    for method in ("get", "post", "patch", "put", "delete"):
        refused(getattr(Client(), method)(at("assessment", assessment.uuid)), 401, "signed-out")


def test_a_token_needs_the_scope_of_what_it_does(editor, assessment):
    writer = Program(editor, Scope.WRITE_ASSESSMENTS, Scope.READ_SYSTEMS, Scope.WRITE_SYSTEMS, Scope.PUBLISH)
    pages = [at("assessments"), at("assessment", assessment.uuid), at("history", assessment.uuid), at("questionnaires")]
    for path in pages:
        assert refused(writer.get(path), 403, "narrow-token")["scope"] == "read_assessments"
    own = Program(editor, Scope.READ_ASSESSMENTS)
    for name in ("submit", "withdraw", "take_back", "conclude"):
        assert refused(own.act(at(name, assessment.uuid)), 403, "narrow-token")["scope"] == "write_assessments"
    refused(own.patch(at("assessment", assessment.uuid), {"name": "x"}, If_Match="*"), 403, "narrow-token")
    refused(own.post(at("assessments"), {}), 403, "narrow-token")


def test_a_scope_gives_nothing_that_the_person_may_not_do(assessment, authority):
    """The deciding authority reads the assessment and writes nothing in it."""
    program = Program(authority)
    assert program.get(at("assessment", assessment.uuid)).status_code == 200
    refused(program.patch(at("assessment", assessment.uuid), {"name": "x"}, If_Match="*"), 403, "forbidden")


# --- Lists ----------------------------------------------------------------------------------------------------------
def test_the_list_is_filtered(program, questionnaires, assessment, body, editor):
    other = SystemFactory(organization=body, created_by=editor, name_fr="Autre", reference="QC-MTEST-0901")
    screening = begin_assessment(system=other, instrument="screening", by=editor)
    efvp = begin_assessment(system=other, instrument="efvp", by=editor)

    def found(query: str = "") -> list[str]:
        return [one["uuid"] for one in program.get(f"{at('assessments')}?{query}").json()["results"]]

    every = [str(efvp.uuid), str(screening.uuid), str(assessment.uuid)]
    assert found() == every
    assert found(f"system={other.uuid}") == every[:2]
    assert found("instrument=screening") == [str(screening.uuid)]
    assert found(f"instrument=efvp&instrument=screening&system={other.uuid}&q=autre&state=draft") == every[:2]
    assert found("state=decided") == [] and found("only=mine") == every
    assert found("page_size=2&page=2") == every[2:]
    assert "answers" not in program.get(at("assessments")).json()["results"][0]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("state=ouvert", "state"),
        ("instrument=aia", "instrument"),
        ("system=1", "system"),
        ("sort=-pk", "sort"),
        ("page=0", "page"),
        ("question=x", None),
        ("organization__sigle=x", None),
    ],
)
def test_what_the_list_does_not_know_is_refused(program, query, parameter):
    told = refused(program.get(f"{at('assessments')}?{query}"), 400, "invalid-query")
    assert told.get("parameter") == parameter


# --- Questionnaires -------------------------------------------------------------------------------------------------
def test_a_questionnaire_is_read_whole_with_its_digest(program, questionnaires, contents):
    row = questionnaires["every_kind"]
    listed = program.get(at("questionnaires")).json()["results"]
    told = {"instrument": "every_kind", "version": "1.0", "digest": row.digest, "issued_on": "2026-11-01"}
    assert told in listed and "content" not in listed[0]
    read = program.get(at("questionnaire", "every_kind", "1.0")).json()
    assert read == {**told, "content": contents["every_kind"]} and digest_of(read["content"]) == row.digest
    for arguments in (("every_kind", "9.9"), ("nothing", "1.0")):
        refused(program.get(at("questionnaire", *arguments)), 404, "not-found")


# --- History --------------------------------------------------------------------------------------------------------
def test_every_change_of_an_answer_is_told_with_its_person(program, assessment, save, editor, colleague):
    save(assessment, {"name": "Tri"})
    save(assessment, {"name": "Tri des demandes", "story": "Longue."}, by=colleague)
    told = program.get(f"{at('history', assessment.uuid)}?question=name").json()
    assert told["count"] == 2
    last, first = told["results"]
    assert (last["before"], last["after"], last["by"], last["version"]) == (
        "Tri",
        "Tri des demandes",
        str(colleague),
        3,
    )
    assert (first["before"], first["after"], first["by"]) == (None, "Tri", str(editor))
    assert program.get(f"{at('history', assessment.uuid)}?page_size=1&page=3").json()["results"][0] == first
    refused(program.get(f"{at('history', assessment.uuid)}?question=nobody"), 400, "invalid-query")


# --- Queries --------------------------------------------------------------------------------------------------------
def queries(program: Program, path: str) -> int:
    program.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert program.get(path).status_code == 200
    return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])


def test_reading_costs_the_same_beside_few_and_many_assessments(
    program, assessment, save, body, editor, questionnaires
):
    save(assessment, {"name": "Tri", "people": "some", "data.r0001aaaa.what": "Adresses"})
    save(assessment, {"name": "Tri des demandes"}, by=person(body, Role.CONTRIBUTOR))
    paths = [at("assessment", assessment.uuid), f"{at('assessments')}?page_size=100", at("history", assessment.uuid)]
    paths.append(at("questionnaires"))
    beside(assessment, 10)
    few = [queries(program, path) for path in paths]
    beside(assessment, 1_000)
    assert [queries(program, path) for path in paths] == few and max(few) <= 10, few
