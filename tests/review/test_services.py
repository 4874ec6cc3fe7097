"""A case is submitted once and decided once, by another person where the body requires it."""

import threading

import pytest
from django.db import connection

from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from review.models import Case
from review.services import decide_case
from review.workflow import TRANSITIONS, CaseState
from tests.review.conftest import DIGEST

pytestmark = pytest.mark.django_db


def decide(case, move, by, comment="Nommer le service."):
    return decide_case(case=case, move=move, comment=comment, by=by)


def test_submitting_freezes_the_subject_and_is_an_event(case, body, editor):
    assert (case.state, case.submitted_by, case.organization, case.digest) == ("submitted", editor, body, DIGEST)
    (event,) = AuditEvent.objects.filter(verb="submit")
    assert event.facts == {"subject": "publication", "digest": DIGEST}
    assert (event.object_ref, event.organization_uuid, event.actor_ref) == (str(case.uuid), body.uuid, str(editor.uuid))


@pytest.mark.parametrize("move", [move for move in TRANSITIONS if move.by_other], ids=lambda move: move.name)
def test_another_person_decides(case, reviewer, move):
    decided = decide(case, move.name, reviewer)
    assert (decided.state, decided.decided_by, decided.comment) == (move.target, reviewer, "Nommer le service.")
    (event,) = AuditEvent.objects.filter(verb=move.name)
    assert (event.actor_ref, event.facts) == (str(reviewer.uuid), {"digest": DIGEST})


@pytest.mark.parametrize("move", [move for move in TRANSITIONS if move.by_other], ids=lambda move: move.name)
def test_ones_own_request_is_for_somebody_else(case, editor, move):
    with pytest.raises(NotAllowed):
        decide(case, move.name, editor)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED and not AuditEvent.objects.filter(verb=move.name).exists()


@pytest.mark.parametrize("move", [move for move in TRANSITIONS if move.by_other], ids=lambda move: move.name)
def test_whoever_wrote_it_gives_no_second_look(submit, editor, reviewer, move):
    case = submit(authors=[editor, reviewer])
    with pytest.raises(NotAllowed):
        decide(case, move.name, reviewer)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED


def test_a_body_without_a_second_person_lets_its_author_decide(submit, editor):
    assert decide(submit(needs_other_person=False), "approve", editor).decided_by == editor


def test_its_author_withdraws_it_and_nobody_else(case, editor, reviewer):
    with pytest.raises(NotAllowed):
        decide(case, "withdraw", reviewer)
    assert decide(case, "withdraw", editor, comment="").state == CaseState.WITHDRAWN


@pytest.mark.parametrize("move", [move.name for move in TRANSITIONS])
@pytest.mark.parametrize("first", ["approve", "send_back", "withdraw"])
def test_what_was_decided_stays_decided(case, editor, reviewer, first, move):
    by = {"withdraw": editor}.get(first, reviewer)
    decide(case, first, by)
    with pytest.raises(NotPossibleNow):
        decide(case, move, {"withdraw": editor}.get(move, reviewer))


def test_an_unknown_move_is_refused(case, reviewer):
    with pytest.raises(NotPossibleNow):
        decide(case, "delete", reviewer)


@pytest.mark.parametrize("comment", ["", "  ", "\u200b\x00"])
def test_sending_back_says_why(case, reviewer, comment):
    with pytest.raises(InvalidInput) as refusal:
        decide(case, "send_back", reviewer, comment=comment)
    assert refusal.value.field == "comment"


def test_approving_needs_no_word(case, reviewer):
    assert decide(case, "approve", reviewer, comment="").comment == ""


def test_too_long_a_comment_is_refused_with_a_sentence(case, reviewer):
    with pytest.raises(InvalidInput, match="2000"):
        decide(case, "approve", reviewer, comment="x" * 2001)
    assert decide(case, "approve", reviewer, comment="x" * 2000).comment == "x" * 2000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_the_same_moment_one_counts(case, reviewer):
    answers = []

    def answer(move: str) -> None:
        try:
            answers.append(decide(case, move, reviewer).state)
        except NotPossibleNow:
            answers.append("refused")
        connection.close()

    threads = [threading.Thread(target=answer, args=[move]) for move in ("approve", "send_back")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    case.refresh_from_db()
    assert sorted(map(str, answers)) == sorted([str(case.state), "refused"])
    assert AuditEvent.objects.filter(verb__in=["approve", "send_back"]).count() == Case.objects.count() == 1
