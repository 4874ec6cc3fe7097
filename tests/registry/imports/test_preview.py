"""The preview of an inventory: planned once, in parts, and read by the page no further than what it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.services import NotAllowed, NotPossibleNow
from organizations.models import Organization, User
from registry.models import AISystem, ImportRow, ImportRun
from registry.services.imports import (
    abandon_run,
    inventory_preview,
    map_columns,
    plan_again,
    retry_row,
    start_inventory_import,
)
from registry.services.imports.inventory_recodings import recodings_of
from registry.services.systems import save_answers
from registry.workflow import RowOutcome, RunState
from tests.registry.imports.builders import inventory

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
SignIn = Callable[[User], Client]
RunJobs = Callable[[], int]


def address(name: str, run: ImportRun) -> str:
    return reverse(f"registry:{name}", args=[run.uuid])


def plan_of(run: ImportRun) -> list[tuple[int, str, list[str]]]:
    return [
        (row.number, row.plan_outcome, [each["reason"] for each in row.plan_problems])
        for row in run.rows.order_by("number")
    ]


@pytest.fixture
def in_parts(monkeypatch: Any) -> None:
    """Even a small file is planned by jobs, four rows each."""
    monkeypatch.setattr(inventory_preview, "AT_ONCE", 1)
    monkeypatch.setattr(inventory_preview, "PART", 4)


@pytest.fixture
def client_of(as_user: SignIn, editor: User) -> Client:
    return as_user(editor)


def test_a_small_file_is_planned_with_its_columns(hand_in: HandIn, three_rows: bytes) -> None:
    run = hand_in(three_rows, confirm=True)
    assert plan_of(run) == [(2, "created", []), (3, "rejected", ["name_missing"]), (4, "created", ["unknown_value"])]
    assert {row.outcome for row in run.rows.all()} == {RowOutcome.WAITING}


@pytest.mark.parametrize("rows", [7, 8])
def test_a_large_file_is_planned_in_parts_as_if_it_were_one(
    in_parts: None, hand_in: HandIn, run_jobs: RunJobs, rows: int
) -> None:
    """A row that repeats one of an earlier part, or contradicts it, is known as such."""
    names = [(f"Système {number}", "Eau", "Idée") for number in range(rows - 2)]
    run = hand_in(inventory(*names, names[0], ("Système 1", "Eau", "Pilote")), confirm=True)
    assert {row.plan_outcome for row in run.rows.all()} == {""}
    assert run_jobs() == rows // 4 + 1
    found = plan_of(run)
    assert [outcome for _number, outcome, _why in found[:-2]] == ["created"] * (rows - 2)
    assert [each[1:] for each in found[-2:]] == [("unchanged", ["repeated_row"]), ("rejected", ["duplicate_row"])]


def test_a_page_reads_the_rows_it_shows_whatever_the_file_holds(
    hand_in: HandIn, client_of: Client, monkeypatch: Any, run_jobs: RunJobs
) -> None:
    """The same queries for sixty rows and six hundred, and never more rows than a page holds."""
    asked: list[int] = []
    seen: list[int] = []
    from_db = ImportRow.from_db.__func__  # type: ignore[attr-defined]

    def counted(cls: Any, *args: Any) -> Any:
        seen.append(1)
        return from_db(cls, *args)

    for size in (60, 600):
        rows = [(f"Système {number} de {size}", "Eau", "Pilote") for number in range(size)]
        run = hand_in(inventory(*rows), confirm=True)
        run_jobs()
        monkeypatch.setattr(ImportRow, "from_db", classmethod(counted))
        seen.clear()
        with CaptureQueriesContext(connection) as queries:
            page = client_of.get(address("import_preview", run) + "?show=created&page=2")
        monkeypatch.undo()
        assert len(page.context["rows"]) == len(seen) == min(size - 50, 50)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_no_page_plans(hand_in: HandIn, client_of: Client, three_rows: bytes, monkeypatch: Any) -> None:
    run = hand_in(three_rows, confirm=True)
    monkeypatch.setattr(inventory_preview, "plan_rows", lambda *args, **options: 1 / 0)
    assert client_of.get(address("import_preview", run)).status_code == 200
    assert client_of.get(address("import_run", run), follow=True).status_code == 200


def test_the_preview_is_awaited_without_javascript_and_with_it(
    in_parts: None, hand_in: HandIn, client_of: Client, run_jobs: RunJobs
) -> None:
    run = hand_in(inventory(("Tri",), ("Suivi",)), confirm=True)
    waiting = client_of.get(address("import_preview", run), follow=True)
    assert waiting.redirect_chain == [(address("import_run", run), 303)]
    assert waiting.context["is_planning"] and address("import_columns", run) in waiting.content.decode()
    partial = client_of.get(address("import_run", run), headers={"HX-Request": "true"})
    assert b"data-hx-get" in partial.content and "HX-Refresh" not in partial
    run_jobs()
    done = client_of.get(address("import_run", run), headers={"HX-Request": "true"})
    assert b"data-hx-get" not in done.content and done["HX-Refresh"] == "true"
    assert client_of.get(address("import_run", run))["Location"] == address("import_preview", run)


def test_nothing_is_imported_before_its_preview_is_there(
    in_parts: None, hand_in: HandIn, editor: User, run_jobs: RunJobs
) -> None:
    run = hand_in(inventory(("Tri",), ("Suivi",)), confirm=True)
    with pytest.raises(NotPossibleNow):
        start_inventory_import(run=run, by=editor)
    run_jobs()
    assert start_inventory_import(run=run, by=editor).created_count == 2


def test_other_columns_make_another_plan_and_the_first_one_stops(
    in_parts: None, hand_in: HandIn, editor: User, run_jobs: RunJobs
) -> None:
    run = hand_in(inventory(*[(f"S{number}", "Eau", "vert") for number in range(6)]), confirm=True)
    token = run.mapping["plan"]["token"]
    columns = {**run.mapping["columns"], "Statut": ""}
    run = map_columns(run=run, columns=columns, by=editor)
    inventory_preview.plan_inventory(run_key=run.pk, token=token, after=0)
    assert {row.plan_outcome for row in run.rows.all()} == {""}
    run_jobs()
    run.refresh_from_db()
    assert run.mapping["plan"]["is_done"] and run.mapping["plan"]["rows"] == 6
    assert all(not row.plan_problems for row in run.rows.all())


def test_an_abandoned_file_is_planned_no_further(
    in_parts: None, hand_in: HandIn, editor: User, run_jobs: RunJobs
) -> None:
    run = abandon_run(run=hand_in(inventory(("Tri",), ("Suivi",)), confirm=True), by=editor)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.failure, run.mapping["plan"]["rows"]) == (RunState.FAILED, "abandoned", 0)


def test_a_draft_edited_after_the_preview_is_said_and_not_overwritten(
    hand_in: HandIn, client_of: Client, editor: User
) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    run = hand_in(inventory(("Tri", "Permis", "Pilote")), confirm=True)
    assert not client_of.get(address("import_preview", run)).context["is_stale"]
    save_answers(system=AISystem.objects.get(), answers={"need_fr": "Écrit à la main."}, version=1, by=editor)
    page = client_of.get(address("import_preview", run))
    assert page.context["is_stale"] and [row.outcome for row in page.context["rows"]] == ["updated"]
    again = client_of.post(address("import_preview", run), follow=True)
    assert not again.context["is_stale"] and [row.outcome for row in again.context["rows"]] == ["unchanged"]


def test_the_import_looks_again_at_what_changed_since_the_preview(hand_in: HandIn, editor: User) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    run = hand_in(inventory(("Tri", "Permis", "Pilote")), confirm=True)
    save_answers(system=AISystem.objects.get(), answers={"need_fr": "Écrit à la main."}, version=1, by=editor)
    run = start_inventory_import(run=run, by=editor)
    assert (run.updated_count, run.unchanged_count, AISystem.objects.get().phase) == (0, 1, "idea")


def test_a_plan_of_before_this_page_is_made_anew_from_the_columns(
    hand_in: HandIn, client_of: Client, three_rows: bytes
) -> None:
    """A run confirmed by the code of before has no plan: nobody waits for a job that nobody asked for."""
    run = hand_in(three_rows, confirm=True)
    mapping = {key: value for key, value in run.mapping.items() if key != "plan"}
    ImportRun.objects.filter(pk=run.pk).update(mapping=mapping)
    assert client_of.get(address("import_run", run))["Location"] == address("import_columns", run)


def test_preparing_again_is_refused_without_right_or_once_started(
    hand_in: HandIn, three_rows: bytes, reviewer: User, editor: User, body: Organization
) -> None:
    run = hand_in(three_rows, confirm=True)
    with pytest.raises(NotAllowed):
        plan_again(run=run, by=reviewer)
    start_inventory_import(run=run, by=editor)
    with pytest.raises(NotPossibleNow):
        plan_again(run=run, by=editor)


def test_words_of_ours_in_any_order_are_no_recoding() -> None:
    columns = {"Territoire": "territory", "Phase": "phase"}
    for typed in ("Lanaudière, Laurentides", "Laurentides; Lanaudière", "r15|r14", "LANAUDIERE / laurentides"):
        row = ImportRow(cells={"Territoire": typed, "Phase": ""})
        assert recodings_of(row, {"territory": ["r14", "r15"]}, columns) == []
    row = ImportRow(cells={"Territoire": "Lanaudière et les Laurentides"})
    assert len(recodings_of(row, {"territory": ["r14", "r15"]}, columns)) == 1


def test_recodings_leave_out_the_rows_that_stay_out(hand_in: HandIn, editor: User) -> None:
    """As those of a register do: in the preview, in the result, and after a row was corrected."""
    run = hand_in(inventory(("Tri", "Eau", "En production"), ("", "Eau", "En production")), confirm=True)
    assert [each["count"] for each in run.recodings] == [1]
    run = start_inventory_import(run=run, by=editor)
    assert [each["count"] for each in run.recodings] == [1]
    retry_row(row=run.rows.get(number=3), cells={"Nom du projet": "Suivi"}, by=editor)
    run.refresh_from_db()
    assert [each["count"] for each in run.recodings] == [2]
