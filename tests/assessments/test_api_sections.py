"""Who has which section, read and changed by a program; whom one may name."""

from datetime import timedelta

import pytest

from assessments.models import Assignment
from core import clock
from core.models import AuditEvent
from organizations.workflow import Role, Scope
from tests.assessments.api import at, fill
from tests.assessments.test_views_counts import asked
from tests.factories.organizations import person
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def entrust(program: Program, assessment, sent, section: str = "project", **headers: str):
    return program.send("PUT", at("section", assessment.uuid, section), sent, **{"If_Match": "*", **headers})


def row_of(answer, section: str = "project"):
    (found,) = [one for one in answer.json()["sections"] if one["code"] == section]
    return found


def later(days: int = 20) -> str:
    return (clock.civil_date(clock.now()) + timedelta(days=days)).isoformat()


def test_every_section_says_how_far_it_is_and_who_has_it(program, assessment, colleague):
    fill(program, assessment, {"name": "Tri"})
    before = program.get(at("sections", assessment.uuid))
    assert [one["code"] for one in before.json()["sections"]] == [
        each.code for each in assessment.questionnaire.sections
    ]
    row = row_of(before)
    assert row["person"] is None and row["due_on"] is None and row["title"]
    assert row["answered"] == 1 and "name" not in row["missing"] and "sensitive" in row["missing"]
    sent = {"person": str(colleague.uuid), "due_on": later()}
    told = entrust(program, assessment, sent, If_Match=version_of(before))
    assert told.status_code == 200
    assert row_of(told)["person"] == {"uuid": str(colleague.uuid), "name": str(colleague)}
    assert row_of(told)["due_on"] == later() and told.json() == program.get(at("sections", assessment.uuid)).json()
    event = AuditEvent.objects.get(verb="entrust_section")
    assert event.facts == {"section": "project", "person": str(colleague.uuid)}
    assert event.actor_ref == str(program.token.uuid)


def test_another_person_takes_the_place_and_nobody_frees_it(program, assessment, colleague, editor):
    for someone in (colleague, editor):
        told = entrust(program, assessment, {"person": str(someone.uuid)})
    assert row_of(told)["person"]["uuid"] == str(editor.uuid) and Assignment.objects.count() == 1
    assert row_of(entrust(program, assessment, {"person": None}))["person"] is None
    assert not Assignment.objects.exists()


def test_sent_again_with_its_key_it_is_done_once(program, assessment, colleague):
    for _each in range(2):
        sent = {"person": str(colleague.uuid)}
        assert entrust(program, assessment, sent, Idempotency_Key="k").status_code == 200
    assert AuditEvent.objects.filter(verb="entrust_section").count() == 1


def test_a_person_from_elsewhere_or_without_the_function_is_refused(program, assessment, outsider, authority, reader):
    for someone in (outsider, authority, reader):
        told = refused(entrust(program, assessment, {"person": str(someone.uuid)}), 422, "invalid")
        assert told["errors"][0]["field"] == "person"
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "person"),
        ({"person": "x"}, "person"),
        ({"person": 1}, "person"),
        ({"person": None, "due_on": "2099-01-01"}, "due_on"),
        ({"person": None, "due_on": "demain"}, "due_on"),
        ({"person": None, "who": "x"}, "who"),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field(program, assessment, sent, field):
    assert refused(entrust(program, assessment, sent), 422, "invalid")["errors"][0]["field"] == field


def test_a_day_that_is_past_is_refused(program, assessment, colleague):
    sent = {"person": str(colleague.uuid), "due_on": later(-1)}
    assert refused(entrust(program, assessment, sent), 422, "invalid")["errors"][0]["field"] == "due_on"


def test_it_needs_the_version_a_section_that_is_there_and_a_draft(program, assessment, colleague):
    sent = {"person": str(colleague.uuid)}
    refused(program.send("PUT", at("section", assessment.uuid, "project"), sent), 428, "condition-needed")
    refused(entrust(program, assessment, sent, section="nowhere"), 404, "not-found")
    fill(program, assessment, {"name": "Tri"})
    refused(entrust(program, assessment, sent, If_Match='"1"'), 412, "stale")
    assert program.act(at("withdraw", assessment.uuid), {"reason": "Abandonné."}).status_code == 200
    refused(entrust(program, assessment, sent), 409, "not-now")


def test_the_people_whom_one_may_name_are_those_who_read_it(program, assessment, colleague, authority, editor, reader):
    told = program.get(at("people", assessment.uuid)).json()
    may = {one["uuid"]: one["may_fill_in"] for one in told["results"]}
    assert may == {str(editor.uuid): True, str(colleague.uuid): True, str(authority.uuid): False}
    assert {*told["results"][0]} == {"uuid", "name", "may_fill_in"}
    assert program.get(f"{at('people', assessment.uuid)}?page_size=2&page=2").json()["count"] == 3


def test_who_may_not_see_it_and_who_may_not_write(assessment, outsider, authority, editor, colleague):
    sent = {"person": str(colleague.uuid)}
    for name in ("sections", "people"):
        refused(Program(outsider).get(at(name, assessment.uuid)), 404, "not-found")
        refused(Program(editor, Scope.WRITE_ASSESSMENTS).get(at(name, assessment.uuid)), 403, "narrow-token")
        assert Program(authority).get(at(name, assessment.uuid)).status_code == 200
    refused(entrust(Program(outsider), assessment, sent), 404, "not-found")
    refused(entrust(Program(authority), assessment, sent), 403, "forbidden")
    refused(entrust(Program(editor, Scope.READ_ASSESSMENTS), assessment, sent), 403, "narrow-token")


def test_reading_costs_the_same_with_few_and_many_people(program, assessment, body, colleague):
    paths = [at("sections", assessment.uuid), f"{at('people', assessment.uuid)}?page_size=100"]

    def costs() -> list[int]:
        return [len(asked(lambda path=path: program.get(path))) for path in paths]

    costs()
    few = costs()
    for number in range(20):
        person(body, Role.CONTRIBUTOR, email=f"p{number}@organisme.example", name=f"P{number}")
    for each in assessment.questionnaire.sections:
        assert entrust(program, assessment, {"person": str(colleague.uuid)}, section=each.code).status_code == 200
    assert costs() == few and max(few) <= 10, few
