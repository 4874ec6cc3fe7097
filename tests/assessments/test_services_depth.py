"""The depth that a person chooses: with a reason when it is less, never under the floor."""

import pytest

from assessments.services.beginning import begin_assessment
from assessments.services.depth import choose_depth
from assessments.services.submitting import withdraw_assessment
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow

pytestmark = pytest.mark.django_db


def choose(assessment, by, depth, reason=""):
    return choose_depth(assessment=assessment, depth=depth, reason=reason, by=by)


def test_more_than_recommended_needs_no_reason(assessment, editor):
    chosen = choose(assessment, editor, "full")
    assert (chosen.depth, chosen.version) == ("full", 2)
    assert chosen.required == 7
    event = AuditEvent.objects.get(verb="choose_depth")
    assert event.facts == {"depth": "full", "recommended": "short"}


def test_less_than_recommended_needs_a_reason(assessment, save, editor):
    save(assessment, {"people": "many", "uses": ["deciding"]})
    with pytest.raises(InvalidInput) as refusal:
        choose(assessment, editor, "normal")
    assert refusal.value.field == "reason"
    assert choose(assessment, editor, "normal", "Projet pilote").depth_reason == "Projet pilote"
    assert choose(assessment, editor, "").depth_reason == ""


def test_less_than_the_floor_is_refused_with_any_reason(assessment, save, editor):
    save(assessment, {"sensitive": "yes"})
    with pytest.raises(InvalidInput) as refusal:
        choose(assessment, editor, "normal", "Projet pilote")
    assert refusal.value.field == "depth"


def test_a_floor_that_comes_later_holds_all_the_same(assessment, save, editor):
    choose(assessment, editor, "normal")
    saved = save(assessment, {"sensitive": "yes"})
    assert (saved.reading.depth.asked, saved.reading.depth.chosen) == ("full", "normal")


def test_an_unknown_depth_and_an_instrument_without_any(assessment, editor):
    with pytest.raises(InvalidInput):
        choose(assessment, editor, "abyss")
    flat = begin_assessment(system=assessment.system, instrument="five_questions", by=editor)
    for depth in ("full", ""):
        with pytest.raises(InvalidInput):
            choose(flat, editor, depth)


def test_a_reason_has_a_length(assessment, editor):
    with pytest.raises(InvalidInput) as refusal:
        choose(assessment, editor, "full", "x" * 1001)
    assert refusal.value.field == "reason"


def test_who_chooses_and_when(assessment, editor, outsider, reader):
    for refused in (outsider, reader):
        with pytest.raises(NotAllowed):
            choose(assessment, refused, "full")
    withdraw_assessment(assessment=assessment, reason="x", by=editor)
    with pytest.raises(NotPossibleNow):
        choose(assessment, editor, "full")


def test_a_shorter_form_keeps_the_answers_aside(assessment, save, editor):
    choose(assessment, editor, "full")
    save(assessment, {"people": "many", "law.choice": "permitted", "clauses.audit.state": "yes"})
    choose(assessment, editor, "short", "Projet pilote")
    saved = save(assessment, {"story": "x"})
    assert {question.id for question in saved.reading.kept_aside} == {"law", "clauses"}
    choose(assessment, editor, "")
    assert {"law", "clauses"} <= set(assessment.values())
