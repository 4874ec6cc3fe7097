"""From one phase to the next: the table, the gates, what stays of each move."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from core import clock
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from registry.models import PhaseChange
from registry.rules.gates import Certainty, GateRefusal, RuleOrigin
from registry.services.gates import departure_accepted, refusals_before, required_answers
from registry.services.lifecycle import change_phase, possible_moves
from registry.services.systems import save_answers
from registry.workflow import PHASE_TRANSITIONS, Phase, phase_move, phase_moves
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def blocking(system, to):
    kind = (RuleOrigin.OWN_RULE, Certainty.TEXT_READ)
    return [GateRefusal("own", "Déposez la preuve.", "Règle", *kind, "La RPRP", blocks=True)]


@pytest.fixture
def at(body, editor):
    def make(phase, **values):
        return SystemFactory(organization=body, created_by=editor, phase=phase, **values)

    return make


# --- The table --------------------------------------------------------------------------------------------------------
def test_there_is_one_move_at_most_between_two_phases_and_a_way_out_of_each():
    assert len({(move.source, move.target) for move in PHASE_TRANSITIONS}) == len(PHASE_TRANSITIONS)
    assert all(phase_moves(phase) for phase in Phase)
    assert {move.target for move in PHASE_TRANSITIONS} == set(Phase)


def test_a_system_enters_service_by_a_decision_only():
    assert all(move.by_decision == (move.target == Phase.IN_SERVICE) for move in PHASE_TRANSITIONS)


@pytest.mark.parametrize(
    ("here", "to"), [(h, t) for h in Phase for t in Phase if (m := phase_move(h, t)) and not m.by_decision]
)
def test_each_permitted_move_is_made_and_told(at, editor, here, to):
    system = change_phase(system=at(here), to=to, by=editor, reason="On l'a décidé en comité.")
    change = system.phase_changes.get()
    assert (system.phase, change.source, change.target, change.changed_by) == (to, here, to, editor)
    event = AuditEvent.objects.get(verb="change_phase")
    assert (event.facts["from"], event.facts["to"]) == (here, to) and "comité" not in str(event.facts)


@pytest.mark.parametrize("here", Phase)
def test_another_move_is_refused_and_the_sentence_names_what_is_possible(at, editor, here):
    system = at(here)
    for to in {*Phase, "inconnue"} - {move.target for move in phase_moves(here)}:
        with pytest.raises(NotPossibleNow) as refused:
            change_phase(system=system, to=to, by=editor, reason="x")
        assert all(one.label in refused.value.sentence for one in possible_moves(system))
    assert not PhaseChange.objects.exists()


@pytest.mark.parametrize("here", ["pilot", "regularizing", "suspended"])
def test_no_one_enters_service_before_a_decision(at, editor, here):
    with pytest.raises(NotPossibleNow, match="décision"):
        change_phase(system=at(here), to="in_service", by=editor)


def test_who_may_not_change_the_record_does_not_change_its_phase(at, reviewer, outsider):
    for person in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            change_phase(system=at("idea"), to="development", by=person)


def test_a_draft_chooses_its_phase_in_the_declaration(body, editor):
    with pytest.raises(NotPossibleNow):
        change_phase(system=SystemFactory(organization=body, draft=True, phase="idea"), to="development", by=editor)


def test_two_tabs_change_the_phase_once(at, editor):
    system = at("idea")
    change_phase(system=system, to="development", by=editor, seen="idea")
    with pytest.raises(NotPossibleNow):
        change_phase(system=system, to="experiment", by=editor, seen="idea")


def test_a_declared_system_changes_phase_by_no_other_door(at, editor):
    system = at("idea")
    for phase in ("development", "in_service", "retired"):
        with pytest.raises(NotPossibleNow):
            save_answers(system=system, answers={"phase": phase}, version=system.version, by=editor)
    saved = save_answers(system=system, answers={"phase": "idea", "unit_fr": "Ici"}, version=system.version, by=editor)
    assert (saved.phase, saved.unit_fr) == ("idea", "Ici")


# --- Reasons and days -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "  \u200b ", "x" * 401])
def test_a_move_that_takes_back_says_why(at, editor, reason):
    with pytest.raises(InvalidInput) as refused:
        change_phase(system=at("in_service"), to="suspended", by=editor, reason=reason)
    assert refused.value.field == "reason"


def test_the_days_follow_the_phase(at, editor):
    today = clock.civil_date(clock.now())
    system = change_phase(system=at("development"), to="pilot", by=editor)
    assert system.started_on == today
    system = change_phase(system=system, to="retired", by=editor, reason="Terminé", on=today)
    assert system.ended_on == today
    system = change_phase(system=system, to="development", by=editor, reason="Repris")
    assert (system.started_on, system.ended_on) == (today, None)


def test_a_system_that_serves_already_is_given_no_day_that_nobody_told(at, editor):
    assert change_phase(system=at("idea"), to="regularizing", by=editor).started_on is None
    told = change_phase(system=at("idea"), to="regularizing", by=editor, on=date(2024, 9, 1))
    assert told.started_on == date(2024, 9, 1)


def test_days_to_come_and_ends_before_the_beginning_are_refused(at, editor):
    tomorrow = clock.civil_date(clock.now()) + timedelta(days=1)
    system = at("in_service", started_on=date(2025, 1, 1))
    for day in (tomorrow, date(2024, 12, 31)):
        with pytest.raises(InvalidInput) as refused:
            change_phase(system=system, to="retired", by=editor, reason="Fin", on=day)
        assert refused.value.field == "on"


def test_a_change_of_phase_never_changes(at, editor):
    change_phase(system=at("idea"), to="development", by=editor)
    for write in (lambda: PhaseChange.objects.update(reason="Autre"), PhaseChange.objects.all().delete):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            write()


# --- Gates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("origin", RuleOrigin)
@pytest.mark.parametrize("certainty", Certainty)
def test_only_law_read_in_its_text_or_an_own_rule_may_block(origin, certainty):
    may = origin == "own_rule" or (origin in {"statute", "regulation"} and certainty == "text_read")
    words = {
        "code": "c",
        "sentence": "s",
        "rule": "r",
        "origin": origin,
        "certainty": certainty,
        "who_can_unblock": "w",
    }
    assert GateRefusal(**words).blocks is False
    if may:
        assert GateRefusal(**words, blocks=True).blocks
    else:
        with pytest.raises(ValueError, match="may warn"):
            GateRefusal(**words, blocks=True)


def test_a_gate_that_blocks_keeps_the_system_where_it_is(at, editor, settings):
    settings.REGISTRY_GATES = [f"{__name__}.blocking"]
    system = at("experiment")
    with pytest.raises(NotPossibleNow, match="Déposez la preuve"):
        change_phase(system=system, to="pilot", by=editor)
    assert {one.move.target: one.is_open for one in possible_moves(system)} == {
        "development": False, "pilot": False, "regularizing": True, "retired": True,
    }  # fmt: skip


@pytest.mark.parametrize("to", ["regularizing", "suspended", "retired"])
def test_telling_the_truth_and_stopping_are_never_gated(at, editor, settings, to):
    settings.REGISTRY_GATES = [f"{__name__}.blocking"]
    assert change_phase(system=at("pilot"), to=to, by=editor, reason="Panne").phase == to


def test_what_only_warns_is_kept_with_the_move(at, editor):
    system = change_phase(system=at("experiment"), to="pilot", by=editor)
    assert system.phase_changes.get().warnings == ["required_answers", "screening"]


def test_wanted_answers_are_those_of_the_phase_one_goes_to(at):
    system = at("idea")
    now, later = required_answers(system, "idea"), required_answers(system, "in_service")
    assert later and (not now or now[0].sentence != later[0].sentence)


def test_a_departure_that_nobody_accepts_is_told(at, whole_system):
    system = at("pilot", autonomy="alone", affects_rights="yes")
    assert [one.code for one in departure_accepted(system, "in_service")] == ["departure_accepted"]
    assert departure_accepted(whole_system, "in_service") == [] == required_answers(whole_system, "in_service")
    assert "departure_accepted" in [one.code for one in refusals_before(system, "in_service")]
    assert refusals_before(system, "retired") == []
