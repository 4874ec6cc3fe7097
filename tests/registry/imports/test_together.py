"""Two people, or a person and a job, at the same file at the same moment: one counts, and nothing is left by halves."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from core.models import Intent
from core.services import NotPossibleNow
from organizations.models import User
from registry.models import AISystem, ImportRun
from registry.services.imports import (
    abandon_run,
    inventory_preview,
    inventory_rows,
    map_columns,
    register,
    retry_row,
    start_inventory_import,
)
from registry.services.systems import save_answers
from registry.workflow import RowOutcome, RunState
from tests.registry.imports.builders import inventory

HandIn = Callable[..., ImportRun]
Act = Callable[[], Any]
WAIT = 20


class Broken(Exception):
    """What stops a service in the middle."""


def break_off(*args: Any, **options: Any) -> None:
    raise Broken


def one_after_the_other(first: Act, second: Act, *, holds: threading.Event, go_on: threading.Event) -> list[str]:
    """`first` stops in the middle of its transaction, `second` comes; then `first` ends. What each was told."""
    told: list[str] = []

    def run(act: Act, name: str) -> None:
        try:
            act()
            told.append(name)
        except NotPossibleNow:
            told.append(f"{name} refused")
        except Exception as error:  # a deadlock, a row that is gone: said by the assertion
            told.append(f"{name}: {type(error).__name__}")
        connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((first, "first"), (second, "second"))]
    threads[0].start()
    assert holds.wait(WAIT)
    threads[1].start()
    threads[1].join(0.5)
    go_on.set()
    for thread in threads:
        thread.join(WAIT)
    return sorted(told)


@pytest.fixture
def pause(monkeypatch: Any) -> tuple[threading.Event, threading.Event]:
    """The first start of an import stops before its ledger entry, its run already written."""
    holds, go_on = threading.Event(), threading.Event()
    written = inventory_rows.record

    def record(**facts: Any) -> Any:
        if facts["verb"] == "start_import" and not holds.is_set():
            holds.set()
            assert go_on.wait(WAIT)
        return written(**facts)

    monkeypatch.setattr(inventory_rows, "record", record)
    return holds, go_on


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_coming_in_is_not_abandoned_at_the_same_moment(
    hand_in: HandIn, editor: User, three_rows: bytes, pause: tuple[threading.Event, threading.Event]
) -> None:
    """The lock of the run: whoever comes second sees what the first one did."""
    run = hand_in(three_rows, confirm=True)
    told = one_after_the_other(
        lambda: start_inventory_import(run=run, by=editor),
        lambda: abandon_run(run=run, by=editor),
        holds=pause[0],
        go_on=pause[1],
    )
    run.refresh_from_db()
    assert told == ["first", "second refused"]
    assert (run.state, run.rows.count(), AISystem.objects.count()) == (RunState.DONE, 3, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_starts_of_one_run_one_counts(
    hand_in: HandIn, editor: User, three_rows: bytes, pause: tuple[threading.Event, threading.Event]
) -> None:
    run = hand_in(three_rows, confirm=True)
    start: Act = lambda: start_inventory_import(run=run, by=editor)  # noqa: E731 — the same act twice
    told = one_after_the_other(start, start, holds=pause[0], go_on=pause[1])
    assert told == ["first", "second refused"] and AISystem.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_files_of_one_body_at_the_same_moment_one_comes_in(
    hand_in: HandIn,
    editor: User,
    three_rows: bytes,
    pause: tuple[threading.Event, threading.Event],
    monkeypatch: Any,
) -> None:
    """The lock of the body: two runs are two rows, and neither sees the other's state before it is committed."""
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 1)
    one, other = hand_in(three_rows, confirm=True), hand_in(three_rows, confirm=True)
    told = one_after_the_other(
        lambda: start_inventory_import(run=one, by=editor),
        lambda: start_inventory_import(run=other, by=editor),
        holds=pause[0],
        go_on=pause[1],
    )
    assert told == ["first", "second refused"]
    assert list(ImportRun.objects.order_by("pk").values_list("state", flat=True)) == ["running", "preparing"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_row_retried_by_two_people_is_one_draft(hand_in: HandIn, editor: User, three_rows: bytes) -> None:
    run = hand_in(three_rows, start=True)
    row = run.rows.get(number=3)
    told: list[str] = []
    together = threading.Barrier(2)

    def retry(name: str) -> None:
        together.wait(WAIT)
        try:
            told.append(retry_row(row=row, cells={"Nom du projet": name}, by=editor).outcome)
        except NotPossibleNow:
            told.append("refused")
        connection.close()

    threads = [threading.Thread(target=retry, args=[name]) for name in ("Suivi du greffe", "Suivi des greffes")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    run.refresh_from_db()
    assert sorted(told) == ["created", "refused"]
    assert (AISystem.objects.count(), run.created_count, run.rejected_count) == (3, 3, 0)


@pytest.mark.django_db(transaction=True)
def test_a_retry_that_breaks_off_leaves_nothing(
    hand_in: HandIn, editor: User, three_rows: bytes, monkeypatch: Any
) -> None:
    """Its ledger entry fails: neither draft nor count nor correction stays."""
    run = hand_in(three_rows, start=True)
    monkeypatch.setattr(inventory_rows, "record", break_off)
    with pytest.raises(Broken):
        retry_row(row=run.rows.get(number=3), cells={"Nom du projet": "Suivi"}, by=editor)
    run.refresh_from_db()
    row = run.rows.get(number=3)
    assert (AISystem.objects.count(), run.created_count, run.rejected_count) == (2, 2, 1)
    assert (row.outcome, row.cells["Nom du projet"]) == (RowOutcome.REJECTED, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["_ask_for_part", "finish_run"])
def test_a_part_that_breaks_off_leaves_its_rows_waiting(
    hand_in: HandIn, editor: User, three_rows: bytes, monkeypatch: Any, end: str
) -> None:
    """Drafts without the job for the next part would be an import that nobody ends."""
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 1)
    run = start_inventory_import(run=hand_in(three_rows, confirm=True), by=editor)
    monkeypatch.setattr(inventory_rows, "PART", 2 if end == "_ask_for_part" else 10)
    monkeypatch.setattr(inventory_rows, end, break_off)
    with pytest.raises(Broken):
        inventory_rows.continue_inventory_import(run_key=run.pk)
    run.refresh_from_db()
    assert (run.created_count, AISystem.objects.count()) == (0, 0)
    assert set(run.rows.values_list("outcome", flat=True)) == {RowOutcome.WAITING}


@pytest.mark.django_db
def test_a_draft_that_a_person_edits_while_its_file_comes_in_is_theirs(
    hand_in: HandIn, editor: User, monkeypatch: Any
) -> None:
    """Between the plan of a part and its writing: the version is looked at again, under the lock of the draft."""
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    run = hand_in(inventory(("Tri", "Permis", "Pilote")), confirm=True)
    plan = inventory_rows.plan_rows

    def plan_then_edit(*args: Any, **options: Any) -> Any:
        planned = plan(*args, **options)
        system = AISystem.objects.get()
        save_answers(system=system, answers={"phase": "development"}, version=system.version, by=editor)
        return planned

    monkeypatch.setattr(inventory_rows, "plan_rows", plan_then_edit)
    run = start_inventory_import(run=run, by=editor)
    assert (run.updated_count, run.unchanged_count) == (0, 1)
    assert run.rows.get().problems[-1]["reason"] == "kept_as_edited"
    assert AISystem.objects.get().phase == "development"


@pytest.mark.django_db
@pytest.mark.parametrize("room", [inventory_rows, inventory_preview, register])
def test_a_part_asked_for_twice_is_one_job(hand_in: HandIn, editor: User, three_rows: bytes, room: Any) -> None:
    """A message that the broker repeats begins no second chain of parts; another part is another job."""
    run = hand_in(three_rows, confirm=True)
    place = "start" if room is register else "after"
    with transaction.atomic():
        for part in (0, 0, 7, 7):
            room._ask_for_part(run.pk if room is inventory_rows else run, **{place: part})
    assert Intent.objects.filter(task=room.TASK).count() == 2


@pytest.mark.django_db
def test_other_columns_ask_for_a_plan_of_their_own(
    hand_in: HandIn, editor: User, three_rows: bytes, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_preview, "AT_ONCE", 1)
    run = hand_in(three_rows, confirm=True)
    map_columns(run=run, columns=run.mapping["columns"], by=editor)
    assert Intent.objects.filter(task=inventory_preview.TASK).count() == 2
