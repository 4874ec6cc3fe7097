"""The table of moves of a case: complete, without a dead end that is none, and asked by name."""

import pytest

from review.workflow import TRANSITIONS, CaseState, Transition, transition

MOVES = {"approve": CaseState.APPROVED, "send_back": CaseState.SENT_BACK, "withdraw": CaseState.WITHDRAWN}


@pytest.mark.parametrize("name", list(MOVES))
@pytest.mark.parametrize("state", list(CaseState))
def test_each_move_leaves_a_submitted_case_and_no_other(name, state):
    move = transition(name, state)
    if state == CaseState.SUBMITTED:
        assert move is not None and move.target == MOVES[name]
    else:
        assert move is None


@pytest.mark.parametrize("name", ["", "delete", "APPROVE"])
def test_an_unknown_move_is_none(name):
    assert transition(name, CaseState.SUBMITTED) is None


def test_every_state_is_reached_and_only_the_author_withdraws():
    assert {move.target for move in TRANSITIONS} | {CaseState.SUBMITTED} == set(CaseState)
    assert {move.name: move.by_other for move in TRANSITIONS} == {"approve": True, "send_back": True, "withdraw": False}


def test_no_two_moves_of_one_name_leave_one_state():
    ends = [(move.name, move.source) for move in TRANSITIONS]
    assert len(ends) == len(set(ends)) and all(isinstance(move, Transition) for move in TRANSITIONS)
