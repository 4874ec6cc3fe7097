"""Counting again: every draft, in parts, as often as one likes; what is frozen keeps its level."""

import tracemalloc

import pytest
from django.core.management import call_command
from structlog.testing import capture_logs

import assessments.services.recounting as recounting
from assessments.models import Answer, Assessment
from assessments.services.beginning import begin_assessment
from assessments.services.recounting import PART, ask_recount, recount_part
from assessments.services.submitting import submit_assessment
from core import clock, outbox
from core.models import Intent
from core.models.intent import IntentState
from tests.assessments.conftest import WHOLE
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(questionnaires, body, editor):
    """`many(7)`: drafts, each with an answer, whose counts are wrong."""

    def make(number, answers=None):
        given = answers or {"name": "Tri"}
        version = questionnaires["every_kind"]
        moment = clock.now()
        stamps = {"created_at": moment, "created_by": editor, "updated_at": moment, "updated_by": editor}
        systems = [
            SystemFactory.build(organization=body, created_by=editor, reference=f"QC-R-{n}") for n in range(number)
        ]
        systems = type(systems[0]).objects.bulk_create(systems)
        rows = Assessment.objects.bulk_create(
            Assessment(organization=body, system=system, version_asked=version, instrument="every_kind", **stamps)
            for system in systems
        )
        Answer.objects.bulk_create(
            Answer(assessment=row, question=code, value=value, version=1, updated_at=moment, updated_by=editor)
            for row in rows
            for code, value in given.items()
        )
        return rows

    return make


def run_jobs() -> int:
    done = 0
    while sent := outbox.relay_once(outbox.run):
        done += sent
    return done


def counts():
    return set(Assessment.objects.order_by("pk").values_list("done", "required"))


def test_every_draft_is_counted_part_by_part(many, monkeypatch):
    monkeypatch.setattr(recounting, "PART", 3)
    many(7)
    call_command("recount_assessments")
    assert run_jobs() == 4
    assert counts() == {(1, 4)}
    assert set(Intent.objects.order_by("pk").values_list("state", flat=True)) == {IntentState.DONE}


def test_counted_again_nothing_is_written(many, django_assert_num_queries):
    rows = many(5)
    recount_part(run="a", after=0)
    before = list(Assessment.objects.order_by("pk").values())
    with django_assert_num_queries(5):  # the savepoint, the rows, their answers, the next part
        recount_part(run="b", after=0)
    assert list(Assessment.objects.order_by("pk").values()) == before
    assert {row.version for row in Assessment.objects.all()} == {rows[0].version}


def test_a_part_that_dies_is_done_again_and_nothing_twice(many, monkeypatch):
    monkeypatch.setattr(recounting, "PART", 3)
    many(7)
    ask_recount()
    seen, real = [], recounting.completeness

    def die_once(reading):
        seen.append(reading)
        if len(seen) == 5:
            raise MemoryError
        return real(reading)

    monkeypatch.setattr(recounting, "completeness", die_once)
    assert run_jobs() == 2
    assert list(Assessment.objects.order_by("pk").values_list("done", flat=True)) == [1, 1, 1, 0, 0, 0, 0]
    Intent.objects.filter(state=IntentState.WAITING).update(due_at=clock.now())
    assert run_jobs() == 3
    assert counts() == {(1, 4)}


def test_a_part_sent_twice_goes_on_once(many, monkeypatch):
    monkeypatch.setattr(recounting, "PART", 2)
    many(4)
    for _each in range(2):
        recount_part(run="a", after=0)
    assert Intent.objects.count() == 1


def test_what_is_saved_meanwhile_stays_as_that_save_counted_it(many, monkeypatch):
    (row,) = many(1)
    real = recounting.completeness

    def somebody_saves(reading):
        Assessment.objects.filter(pk=row.pk).update(version=2, done=3, required=4)
        return real(reading)

    monkeypatch.setattr(recounting, "completeness", somebody_saves)
    recount_part(run="a", after=0)
    assert counts() == {(3, 4)}


def test_what_is_frozen_keeps_its_level_and_a_difference_is_told(assessment, save, editor, questionnaires):
    save(assessment, WHOLE)
    submit_assessment(assessment=assessment, by=editor)
    with capture_logs() as logs:
        recount_part(run="a", after=0)
    assert not [one for one in logs if one["log_level"] == "warning"]
    Assessment.objects.filter(pk=assessment.pk).update(level="critical", done=0)
    with capture_logs() as logs:
        recount_part(run="b", after=0)
    (told,) = [one for one in logs if one["log_level"] == "warning"]
    assert (told["stored"], told["frozen"], told["counted"]) == ("critical", "", "")
    assert Assessment.objects.get(pk=assessment.pk).level == "critical"


def test_a_scored_one_is_compared_by_its_score(system, editor, save, questionnaires):
    scored = begin_assessment(system=system, instrument="five_questions", by=editor)
    save(scored, {"title": "x", "size": "large", "effects": ["money", "rights"]})
    submission = submit_assessment(assessment=scored, by=editor)
    assert (submission.document["score"], submission.document["level"]) == ("grave", "")
    with capture_logs() as logs:
        recount_part(run="a", after=0)
    assert not [one for one in logs if one["log_level"] == "warning"]


def test_memory_of_a_part_is_bounded(many):
    """Three hundred long answers in each of a whole part would be 30 MB: what a worker holds is less than 60."""
    many(PART, {"name": "Tri", "story": "x" * 5000} | {f"gone_{n}": {"text": "y" * 300} for n in range(60)})
    tracemalloc.start()
    recount_part(run="a", after=0)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
