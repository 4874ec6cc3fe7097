"""Who may read each answer of a system, read and decided by a program of those who publish."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.models import AuditEvent
from organizations.workflow import Role, Scope
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, FieldVisibility
from registry.services.systems import save_answers
from registry.services.visibility import may_be, set_visibility
from tests.factories.organizations import person
from tests.registry.api import Program, at, refused, version_of

pytestmark = pytest.mark.django_db
INTERNAL = {"visibility": "internal", "reason": "Une enquête est en cours."}
FIELD = "risks_fr"


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def put(program: Program, system: AISystem, field: str, sent: object, **headers: str):
    return program.send("PUT", at("field_visibility", system.uuid, field), sent, **({"If_Match": "*"} | headers))


def read(program: Program, system: AISystem) -> dict[str, dict[str, object]]:
    return {one["field"]: one for one in program.get(at("visibility", system.uuid)).json()["results"]}


# --- Read -----------------------------------------------------------------------------------------------------------
def test_every_field_is_told_as_proposed_or_as_chosen(program, system, editor):
    set_visibility(system=system, field=FIELD, by=editor, **INTERNAL)
    answer = program.get(at("visibility", system.uuid))
    assert version_of(answer) == '"2"' and answer.json()["version"] == 2
    told = read(program, system)
    assert list(told) == [field.code for field in CATALOGUE.fields]
    for field in CATALOGUE.fields:
        one = told[field.code]
        assert (one["proposed"], one["proposed_reason"]) == (field.visibility, field.visibility_reason["fr"])
        assert one["is_chosen"] == (field.code == FIELD) and one["visibility"] in one["allowed"]
        assert all(may_be(field, code) for code in one["allowed"])
    assert (told[FIELD]["visibility"], told[FIELD]["reason"]) == ("internal", "Une enquête est en cours.")
    assert told[FIELD]["set_at"] and told["name_fr"]["allowed"] == ["public"]


def test_reading_costs_the_same_whatever_was_decided(program, system, editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get(at("visibility", system.uuid)).status_code == 200
        return len(queries)

    cost()  # the day of the first use is written
    first = cost()
    for field in [each for each in CATALOGUE.fields if not each.mandatory_for and each.visibility != "internal"][:12]:
        set_visibility(system=system, field=field.code, by=editor, **INTERNAL)
    assert cost() == first <= 8


def test_the_system_of_another_body_is_not_found(outsider, system):
    refused(Program(outsider).get(at("visibility", system.uuid)), 404, "not-found")
    refused(put(Program(outsider), system, FIELD, INTERNAL), 404, "not-found")


def test_who_does_not_publish_does_not_decide_and_a_reader_of_sheets_does_not_read(body, system):
    for role, status in ((Role.READER, 403), (Role.CONTRIBUTOR, 200)):
        program = Program(person(body, role))
        assert program.get(at("visibility", system.uuid)).status_code == status
        refused(put(program, system, FIELD, INTERNAL), 403, "forbidden")


def test_reading_takes_the_scope_of_reading_and_deciding_that_of_publishing(editor, system):
    reads = Program(editor, Scope.READ_SYSTEMS)
    assert reads.get(at("visibility", system.uuid)).status_code == 200
    assert refused(put(reads, system, FIELD, INTERNAL), 403, "narrow-token")["scope"] == "publish"
    publishes = Program(editor, Scope.PUBLISH)
    assert refused(publishes.get(at("visibility", system.uuid)), 403, "narrow-token")["scope"] == "read_systems"
    assert put(publishes, system, FIELD, INTERNAL).status_code == 200


# --- Decide ---------------------------------------------------------------------------------------------------------
def test_a_field_is_decided_then_comes_back_to_what_is_proposed(program, system, editor):
    answer = put(program, system, FIELD, INTERNAL, If_Match='"1"')
    assert answer.status_code == 200 and version_of(answer) == '"2"'
    assert answer.json() == read(program, system)[FIELD] and answer.json()["is_chosen"]
    assert FieldVisibility.objects.get().set_by == editor
    assert AuditEvent.objects.get(verb="set_visibility").actor_ref == str(program.token.uuid)
    answer = put(program, system, FIELD, {"visibility": CATALOGUE.field(FIELD).visibility}, If_Match='"2"')
    assert version_of(answer) == '"3"' and not answer.json()["is_chosen"]
    assert not FieldVisibility.objects.exists()


def test_what_is_decided_already_is_not_decided_again(program, system):
    for _each in range(2):
        assert version_of(put(program, system, FIELD, INTERNAL, If_Match='"1"')) == '"2"'
    assert AuditEvent.objects.filter(verb="set_visibility").count() == 1
    proposed = {"visibility": CATALOGUE.field("need_fr").visibility}
    assert version_of(put(program, system, "need_fr", proposed, If_Match='"1"')) == '"2"'


@pytest.mark.parametrize(
    ("field", "sent", "named"),
    [
        (FIELD, {}, "visibility"),
        (FIELD, {"visibility": ""}, "visibility"),
        (FIELD, {"visibility": None}, "visibility"),
        (FIELD, {"visibility": "secret"}, "visibility"),
        (FIELD, {"visibility": ["internal"]}, "visibility"),
        (FIELD, {"visibility": "internal"}, "reason"),
        (FIELD, {"visibility": "internal", "reason": " "}, "reason"),
        (FIELD, {"visibility": "internal", "reason": "x" * 401}, "reason"),
        (FIELD, {"visibility": "internal", "reason": "a\0b"}, "reason"),
        (FIELD, {**INTERNAL, "system__reference": "x"}, "system__reference"),
        ("name_fr", INTERNAL, "visibility"),
    ],
)
def test_what_is_wrong_is_told_by_its_name_and_nothing_is_decided(program, system, field, sent, named):
    told = refused(put(program, system, field, sent), 422, "invalid")
    assert named in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not FieldVisibility.objects.exists()


def test_what_is_never_public_stays_so(program, system):
    never = next(field for field in CATALOGUE.fields if not field.may_be_public)
    told = refused(put(program, system, never.code, {"visibility": "public", "reason": "x"}), 422, "invalid")
    assert never.visibility_reason["fr"] in told["detail"]


@pytest.mark.parametrize("field", ["name_en", "reference", "organization", "name_fr__contains"])
def test_a_field_that_the_catalogue_has_not_is_not_found(program, system, field):
    refused(put(program, system, field, INTERNAL), 404, "not-found")


def test_a_decision_says_its_version(program, system):
    path = at("field_visibility", system.uuid, FIELD)
    refused(program.send("PUT", path, INTERNAL), 428, "condition-needed")
    refused(program.send("PUT", path, INTERNAL, If_Match="x"), 400, "malformed")


def test_a_stale_decision_tells_both_and_writes_nothing(program, system, editor):
    save_answers(system=system, answers={"need_fr": "x"}, version=1, by=editor)
    told = refused(put(program, system, FIELD, INTERNAL, If_Match='"1"'), 412, "stale")
    conflicts = {one["field"]: (one["stored"], one["sent"]) for one in told["conflicts"]}
    proposed = CATALOGUE.field(FIELD).visibility
    assert conflicts == {"visibility": (proposed, "internal"), "reason": ("", "Une enquête est en cours.")}
    assert told["current"] == '"2"' and not FieldVisibility.objects.exists()
    assert put(program, system, FIELD, INTERNAL, If_Match=told["current"]).status_code == 200


def test_a_record_that_was_put_away_is_decided_no_longer(program, system, editor):
    away = {"put_away_at": clock.now(), "put_away_by": editor, "put_away_reason": "Déclaré deux fois"}
    AISystem.objects.update(**away)
    refused(put(program, system, FIELD, INTERNAL), 409, "not-now")


def test_hostile_texts_come_back_as_data(program, system):
    hostile = '=cmd|"/c calc"!A1 <script>alert(1)</script> \U0001f9ff'
    assert put(program, system, FIELD, {**INTERNAL, "reason": hostile}).json()["reason"] == hostile
