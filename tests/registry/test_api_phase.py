"""The phase of a system, read and changed by a program: the table, the gates, what stays of a move."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core import clock
from core.models import AuditEvent
from core.models.audit import ActorKind
from organizations.workflow import Role, Scope
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, PhaseChange
from registry.rules.gates import Certainty, GateRefusal, RuleOrigin
from registry.services.parts import add_part
from registry.services.systems import begin_system, save_answers
from registry.workflow import phase_moves
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, at, refused, version_of

pytestmark = pytest.mark.django_db
STOP = {"to": "suspended", "reason": "Une panne", "on": "2026-03-01"}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def pilot(body, editor) -> AISystem:
    return SystemFactory(organization=body, created_by=editor, phase="pilot", reference="QC-MTEST-0901")


def closed(system: AISystem, to: str) -> list[GateRefusal]:
    told = {"sentence": "Il manque un avis.", "rule": "Règle de l'organisme", "who_can_unblock": "La direction"}
    return [
        GateRefusal(
            code="essai", origin=RuleOrigin.OWN_RULE, certainty=Certainty.TEXT_READ, blocks=to == "experiment", **told
        )
    ]


# --- Read -----------------------------------------------------------------------------------------------------------
def test_the_phase_is_told_with_every_move_of_the_table_and_what_each_gate_says(program, pilot):
    answer = program.get(at("phase", pilot.uuid))
    told = answer.json()
    assert version_of(answer) == f'"{pilot.version}"' and told["version"] == pilot.version
    assert (told["phase"], told["label"]) == ("pilot", CATALOGUE.field("phase").choice("pilot").label["fr"])
    moves = {one["to"]: one for one in told["moves"]}
    assert list(moves) == [move.target for move in phase_moves("pilot")]
    assert moves["suspended"]["needs_reason"] and moves["suspended"]["is_open"] and moves["suspended"]["gates"] == []
    assert moves["in_service"]["needs_decision"] and not moves["in_service"]["is_open"]
    gate, screening = moves["in_service"]["gates"]
    assert screening["code"] == "screening" and not screening["blocks"]
    assert gate["code"] == "required_answers" and not gate["blocks"] and gate["sentence"] and gate["origin"]


def test_a_draft_and_a_record_put_away_go_nowhere(program, body, editor, pilot):
    draft = begin_system(organization=body, answers={"name_fr": "Brouillon"}, by=editor)
    told = program.get(at("phase", draft.uuid)).json()
    assert (told["phase"], told["label"], told["moves"]) == ("", "", [])
    refused(program.act(at("phase", draft.uuid), STOP), 409, "not-now")
    away = {"put_away_at": clock.now(), "put_away_by": editor, "put_away_reason": "Déclaré deux fois"}
    AISystem.objects.filter(pk=pilot.pk).update(**away)
    assert program.get(at("phase", pilot.uuid)).json()["moves"] == []
    refused(program.act(at("phase", pilot.uuid), STOP), 409, "not-now")


def test_reading_costs_the_same_whatever_the_number_of_rows(program, pilot, editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get(at("phase", pilot.uuid)).status_code == 200
        return len(queries)

    cost()  # the day of the first use is written
    first = cost()
    for number in range(8):
        site = {"name_fr": f"Site {number}", "place_fr": "Québec", "country": "quebec"}
        add_part(system=pilot, part="hosting", answers=site, by=editor)
    assert cost() == first <= 9


def test_what_one_may_not_see_is_not_found(outsider, pilot):
    program = Program(outsider)
    refused(program.get(at("phase", pilot.uuid)), 404, "not-found")
    refused(program.act(at("phase", pilot.uuid), STOP), 404, "not-found")


def test_who_may_only_read_and_a_narrow_token_change_nothing(body, editor, pilot):
    reader = Program(person(body, Role.READER))
    assert reader.get(at("phase", pilot.uuid)).status_code == 200
    refused(reader.act(at("phase", pilot.uuid), STOP), 403, "forbidden")
    told = refused(Program(editor, Scope.READ_SYSTEMS).act(at("phase", pilot.uuid), STOP), 403, "narrow-token")
    assert told["scope"] == "write_systems"
    refused(Program(editor, Scope.WRITE_SYSTEMS).get(at("phase", pilot.uuid)), 403, "narrow-token")
    assert not PhaseChange.objects.exists()


# --- Change ---------------------------------------------------------------------------------------------------------
def test_a_move_is_made_by_the_token(program, pilot):
    answer = program.act(at("phase", pilot.uuid), STOP)
    change = PhaseChange.objects.get()
    assert answer.status_code == 200 and version_of(answer) == '"2"'
    assert (answer.json()["phase"], answer.json()["version"]) == ("suspended", 2)
    assert {one["to"] for one in answer.json()["moves"]} == {move.target for move in phase_moves("suspended")}
    assert (change.target, change.reason, change.happened_on.isoformat()) == ("suspended", "Une panne", "2026-03-01")
    event = AuditEvent.objects.get(verb="change_phase")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


def test_today_is_the_day_when_nothing_is_said(program, pilot):
    assert program.act(at("phase", pilot.uuid), {"to": "experiment", "on": None}).status_code == 200
    assert PhaseChange.objects.get().happened_on == clock.civil_date(clock.now())


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "to"),
        ({"to": ""}, "to"),
        ({"to": None}, "to"),
        ({"to": ["suspended"]}, "to"),
        ({"to": "volant"}, "to"),
        ({"to": "suspended"}, "reason"),
        ({"to": "suspended", "reason": " "}, "reason"),
        ({"to": "suspended", "reason": 3}, "reason"),
        ({"to": "suspended", "reason": "x" * 401}, "reason"),
        ({"to": "suspended", "reason": "a\0b"}, "reason"),
        ({**STOP, "on": "2999-01-01"}, "on"),
        ({**STOP, "on": "hier"}, "on"),
        ({**STOP, "seen": "pilot"}, "seen"),
        ({**STOP, "system__organization": 1}, "system__organization"),
    ],
)
def test_what_is_wrong_is_told_by_its_name_and_nothing_moves(program, pilot, sent, field):
    told = refused(program.act(at("phase", pilot.uuid), sent), 422, "invalid")
    assert field in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not PhaseChange.objects.exists()


@pytest.mark.parametrize("to", ["idea", "pilot", "in_service"])
def test_a_move_that_the_table_or_a_decision_keeps_closed_is_told(program, pilot, to):
    refused(program.act(at("phase", pilot.uuid), {"to": to, "reason": "x"}), 409, "not-now")


def test_a_gate_that_blocks_is_told_and_one_that_warns_is_kept(program, pilot, settings):
    settings.REGISTRY_GATES = [f"{__name__}.closed"]
    (gate,) = next(m for m in program.get(at("phase", pilot.uuid)).json()["moves"] if m["to"] == "experiment")["gates"]
    assert gate["blocks"] and gate["who_can_unblock"] == "La direction"
    told = refused(program.act(at("phase", pilot.uuid), {"to": "experiment"}), 409, "not-now")
    assert told["detail"] == "Il manque un avis."
    assert program.act(at("phase", pilot.uuid), {"to": "development"}).status_code == 200
    assert PhaseChange.objects.get().warnings == ["essai"]


def test_a_key_sent_twice_moves_once(program, pilot):
    first = program.act(at("phase", pilot.uuid), STOP, Idempotency_Key="p", If_Match='"1"')
    again = program.act(at("phase", pilot.uuid), STOP, Idempotency_Key="p", If_Match='"1"')
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert PhaseChange.objects.count() == 1
    refused(program.act(at("phase", pilot.uuid), {"to": "retired"}, Idempotency_Key="p"), 422, "key-reused")


def test_a_stale_move_is_refused(program, pilot, editor):
    save_answers(system=pilot, answers={"need_fr": "x"}, version=1, by=editor)
    told = refused(program.act(at("phase", pilot.uuid), STOP, If_Match='"1"'), 412, "stale")
    assert told["current"] == '"2"' and not PhaseChange.objects.exists()
    assert program.act(at("phase", pilot.uuid), STOP, If_Match=told["current"]).status_code == 200


def test_words_are_in_the_language_of_the_reader(editor, pilot):
    with override("en"):
        told = Program(editor, language="en").get(at("phase", pilot.uuid)).json()
    assert told["label"] == CATALOGUE.field("phase").choice("pilot").label["en"]
