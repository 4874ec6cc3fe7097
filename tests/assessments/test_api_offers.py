"""Answers that Vigie knows already, read and taken by a program."""

import pytest

from assessments.models import Answer, Assessment
from assessments.services.submitting import submit_assessment
from assessments.workflow import AnswerOrigin
from core.models import AuditEvent
from organizations.workflow import Scope
from tests.assessments.api import WHOLE, at, beside, fill, stored
from tests.assessments.test_views_counts import asked
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def path(assessment) -> str:
    return at("offers", assessment.uuid)


def accept(program: Program, path: str, *questions: str, **headers: str):
    return program.act(path, {"questions": list(questions)}, **headers)


def test_what_is_offered_is_told_with_its_words_and_where_it_comes_from(program, assessment, path):
    answer = program.get(path)
    told = answer.json()
    assert version_of(answer) == '"1"' and told["version"] == 1
    (offer,) = [one for one in told["offers"] if one["question"] == "name"]
    assert offer["answer"] == assessment.system.name_fr and offer["words"] == [assessment.system.name_fr]
    assert offer["origin"]
    assert "name" not in stored(assessment)


def test_an_offer_is_taken_with_its_origin_and_is_offered_no_more(program, assessment, path):
    told = accept(program, path, "name", Idempotency_Key="a", If_Match=version_of(program.get(path)))
    assert told.status_code == 200 and told.json()["answers"]["name"] == assessment.system.name_fr
    row = Answer.objects.get(question="name")
    assert row.origin == AnswerOrigin.PREFILLED and row.origin_note
    assert AuditEvent.objects.get(verb="change_answers").facts["answers"] == ["name"]
    assert "name" not in {one["question"] for one in program.get(path).json()["offers"]}
    again = accept(program, path, "name", Idempotency_Key="a", If_Match='"1"')
    assert again.json() == told.json() and Assessment.objects.get().version == 2


def test_all_that_is_named_is_taken_or_nothing(program, assessment, path):
    told = refused(accept(program, path, "name", "story"), 409, "not-now")
    assert "«" in told["detail"] or "“" in told["detail"]
    assert stored(assessment) == {} and not AuditEvent.objects.filter(verb="change_answers").exists()


def test_an_answer_that_somebody_gave_stands(program, assessment, path):
    fill(program, assessment, {"name": "Tri"})
    refused(accept(program, path, "name"), 409, "not-now")
    assert stored(assessment)["name"] == "Tri"


def test_a_change_needs_the_version_that_was_read(program, assessment, path):
    refused(program.post(path, {"questions": ["name"]}), 428, "condition-needed")
    fill(program, assessment, {"story": "Longue."})
    refused(accept(program, path, "name", If_Match='"1"'), 412, "stale")


@pytest.mark.parametrize(
    "sent", [{}, {"questions": []}, {"questions": "name"}, {"questions": [1]}, {"questions": ["nobody"]}, {"all": True}]
)
def test_what_names_no_question_is_refused(program, assessment, path, sent):
    told = refused(program.act(path, sent), 422, "invalid")
    assert told["errors"][0]["detail"] and stored(assessment) == {}


def test_nothing_is_offered_once_it_is_submitted(program, assessment, path, editor):
    fill(program, assessment, {name: value for name, value in WHOLE.items() if name != "name"})
    assert accept(program, path, "name").status_code == 200
    submit_assessment(assessment=Assessment.objects.with_what_it_needs().get(), by=editor)
    assert program.get(path).json()["offers"] == []
    refused(accept(program, path, "name"), 409, "not-now")


def test_who_may_not_see_it_and_who_may_not_write(assessment, path, outsider, authority, editor):
    for answer in (Program(outsider).get(path), accept(Program(outsider), path, "name")):
        refused(answer, 404, "not-found")
    assert Program(authority).get(path).status_code == 200
    refused(accept(Program(authority), path, "name"), 403, "forbidden")
    refused(accept(Program(editor, Scope.READ_ASSESSMENTS), path, "name"), 403, "narrow-token")
    refused(Program(editor, Scope.WRITE_ASSESSMENTS).get(path), 403, "narrow-token")


def test_reading_costs_the_same_beside_many_assessments(program, assessment, path):
    program.get(path)
    few = len(asked(lambda: program.get(path)))
    beside(assessment, 200)
    assert len(asked(lambda: program.get(path))) == few <= 10, few
