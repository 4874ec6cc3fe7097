"""A file that should not have come in is taken back: its drafts go, what somebody made their own stays."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from core import clock
from core.models import AuditEvent, Intent
from core.services import NotAllowed, NotPossibleNow
from organizations.models import User
from registry.models import AISystem, ImportRun, SystemGrant
from registry.services.imports import inventory_undo, retry_row, undo_inventory_import
from registry.services.systems import save_answers
from registry.workflow import RowOutcome, RunState
from tests.registry.imports.builders import inventory

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
RunJobs = Callable[[], int]


def undone(run: ImportRun) -> dict[str, Any]:
    run.refresh_from_db()
    return {key: run.mapping["undo"][key] for key in ("deleted", "kept", "is_done")}


@pytest.fixture
def five(hand_in: HandIn) -> ImportRun:
    return hand_in(inventory(*[(f"Système {number}", "Eau", "Idée") for number in range(5)]), start=True)


@pytest.fixture
def page(as_user: Callable[[User], Client], editor: User) -> Client:
    return as_user(editor)


def address(run: ImportRun, name: str = "import_undo") -> str:
    return reverse(f"registry:{name}", args=[run.uuid])


def edit(name: str, editor: User) -> None:
    system = AISystem.objects.get(name_fr=name)
    save_answers(system=system, answers={"need_fr": "À la main."}, version=system.version, by=editor)


def test_drafts_that_nobody_touched_go_and_everything_else_stays(five: ImportRun, editor: User) -> None:
    edit("Système 1", editor)
    undo_inventory_import(run=five, by=editor)
    assert undone(five) == {"deleted": 4, "kept": {"edited": 1}, "is_done": True}
    assert [system.name_fr for system in AISystem.objects.all()] == ["Système 1"]
    assert (five.state, five.undone_by, five.created_count) == (RunState.DONE, editor, 5)
    assert {row.outcome for row in five.rows.all()} == {RowOutcome.CREATED} and five.rows.count() == 5
    history = apps.get_model("registry", "AISystemEvent")
    assert history._default_manager.filter(pgh_label="delete").count() == 4
    facts = AuditEvent.objects.filter(object_ref=str(five.uuid)).order_by("pk").values_list("verb", "actor_kind")
    assert list(facts)[-2:] == [("undo_import", "person"), ("finish_undoing", "import")]


def test_what_was_declared_or_renewed_stays(five: ImportRun, hand_in: HandIn, editor: User) -> None:
    hand_in(inventory(("Système 2", "Eau", "Pilote")), start=True)
    declared = AISystem.objects.get(name_fr="Système 3")
    AISystem.objects.filter(pk=declared.pk).update(
        status="declared",
        reference="QC-MTEST-0042",
        declared_at=clock.now(),
        declared_by=editor,
        summary_fr="x",
        need_fr="x",
        contact_email="ia@m.example",
        affected=["staff"],
        autonomy="assists",
        personal_information="no",
        category="automation",
        benefit_fr="x",
        origin="own",
    )
    forecast = inventory_undo.undo_forecast(five)
    assert forecast == {"deleted": 3, "declared": 1, "edited": 1, "in_use": 0}
    undo_inventory_import(run=five, by=editor)
    assert undone(five)["kept"] == {"declared": 1, "edited": 1}
    assert sorted(AISystem.objects.values_list("name_fr", flat=True)) == ["Système 2", "Système 3"]


def test_a_draft_that_was_shared_stays(five: ImportRun, editor: User, outsider: User) -> None:
    SystemGrant.objects.bulk_create(
        [
            SystemGrant(
                content_object=AISystem.objects.get(name_fr="Système 4"),
                user=outsider,
                permission=Permission.objects.get(codename="read_aisystem"),
                reason="Expertise",
                given_at=clock.now(),
                given_by=editor,
                ends_on=date(2027, 1, 1),
            )
        ]
    )
    assert inventory_undo.undo_forecast(five)["in_use"] == 1
    undo_inventory_import(run=five, by=editor)
    assert undone(five) == {"deleted": 4, "kept": {"in_use": 1}, "is_done": True}


def test_what_a_room_above_made_of_a_draft_keeps_it(five: ImportRun, editor: User, monkeypatch: Any) -> None:
    """A report protects its system: that one stays, its neighbours go."""
    protected = AISystem.objects.get(name_fr="Système 0").pk
    delete = type(AISystem.objects.all()).delete

    def refuse(self: Any) -> Any:
        if self.filter(pk=protected).exists():
            raise ProtectedError("A report", set())
        return delete(self)

    monkeypatch.setattr(type(AISystem.objects.all()), "delete", refuse)
    undo_inventory_import(run=five, by=editor)
    assert undone(five) == {"deleted": 4, "kept": {"in_use": 1}, "is_done": True}
    assert AISystem.objects.get().pk == protected


def test_many_go_by_a_job_in_parts(
    hand_in: HandIn, five: ImportRun, page: Client, run_jobs: RunJobs, editor: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_undo, "AT_ONCE", 1)
    monkeypatch.setattr(inventory_undo, "PART", 2)
    edit("Système 0", editor)
    sent = page.post(address(five), follow=True)
    assert sent.context["is_undoing"] and AISystem.objects.count() == 5
    partial = page.get(address(five, "import_run"), headers={"HX-Request": "true"})
    assert b"data-hx-get" in partial.content and "HX-Refresh" not in partial
    assert run_jobs() == 3
    assert undone(five) == {"deleted": 4, "kept": {"edited": 1}, "is_done": True}
    done = page.get(address(five, "import_run"))
    assert done.context["kept"] and not done.context["can_undo"]


def test_a_part_repeated_counts_nothing_twice(
    five: ImportRun, editor: User, run_jobs: RunJobs, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_undo, "AT_ONCE", 1)
    five = undo_inventory_import(run=five, by=editor)
    for _time in range(2):
        inventory_undo.continue_undoing(run_key=five.pk, after=0, token=five.mapping["undo"]["token"])
    run_jobs()
    assert undone(five)["deleted"] == 5


def test_a_job_that_gives_up_lets_a_person_ask_again(
    five: ImportRun, editor: User, run_jobs: RunJobs, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_undo, "AT_ONCE", 1)
    run = undo_inventory_import(run=five, by=editor)
    with monkeypatch.context() as broken:
        broken.setattr(inventory_undo, "_delete", lambda *_args: 1 / 0)
        for _time in range(5):
            Intent.objects.update(due_at="2026-01-01T00:00Z")
            run_jobs()
    run.refresh_from_db()
    assert run.undone_at is None and inventory_undo.can_be_undone(run)
    undo_inventory_import(run=run, by=editor)
    run_jobs()
    assert undone(five)["is_done"] and not AISystem.objects.exists()


def test_the_page_asks_first_and_tells_how_many(five: ImportRun, page: Client, editor: User) -> None:
    edit("Système 1", editor)
    assert address(five) in page.get(address(five, "import_run")).content.decode()
    asked = page.get(address(five))
    assert (asked.status_code, asked.context["deleted"], len(asked.context["kept"])) == (200, 4, 1)
    assert AISystem.objects.count() == 5
    told = page.post(address(five), follow=True)
    assert AISystem.objects.count() == 1 and len(told.context["kept"]) == 1
    assert address(five) not in told.content.decode()
    assert page.get(address(five))["Location"] == address(five, "import_run")
    assert page.post(address(five)).status_code == 409
    assert page.get(reverse("registry:imports")).status_code == 200


def test_undoing_waits_for_the_end_and_for_the_other_file(
    five: ImportRun, hand_in: HandIn, editor: User, reviewer: User, three_rows: bytes
) -> None:
    waiting = hand_in(three_rows, confirm=True)
    with pytest.raises(NotPossibleNow):
        undo_inventory_import(run=waiting, by=editor)
    with pytest.raises(NotAllowed):
        undo_inventory_import(run=five, by=reviewer)
    ImportRun.objects.filter(pk=waiting.pk).update(state=RunState.RUNNING)
    with pytest.raises(NotPossibleNow):
        undo_inventory_import(run=five, by=editor)
    assert AISystem.objects.count() == 5


def test_a_file_taken_back_may_come_in_again_and_its_rows_are_not_retried(
    hand_in: HandIn, three_rows: bytes, editor: User
) -> None:
    run = undo_inventory_import(run=hand_in(three_rows, start=True), by=editor)
    with pytest.raises(NotPossibleNow):
        retry_row(row=run.rows.get(number=3), cells={"Nom du projet": "Suivi"}, by=editor)
    again = hand_in(three_rows, start=True)
    assert (again.created_count, AISystem.objects.count()) == (2, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_draft_edited_at_the_same_moment_is_not_lost(hand_in: HandIn, editor: User, monkeypatch: Any) -> None:
    """The edit holds the draft; undoing waits for it, then sees that it is somebody's."""
    run = hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    holds, go_on = threading.Event(), threading.Event()

    def person_edits() -> None:
        with transaction.atomic():
            edit("Tri", editor)
            holds.set()
            assert go_on.wait(20)
        connection.close()

    def undo() -> None:
        undo_inventory_import(run=run, by=editor)
        connection.close()

    threads = [threading.Thread(target=person_edits), threading.Thread(target=undo)]
    threads[0].start()
    assert holds.wait(20)
    threads[1].start()
    threads[1].join(0.5)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert undone(run) == {"deleted": 0, "kept": {"edited": 1}, "is_done": True}
    assert AISystem.objects.get().need_fr == "À la main."


def test_no_other_file_comes_in_while_drafts_are_going(
    five: ImportRun, hand_in: HandIn, editor: User, run_jobs: RunJobs, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_undo, "AT_ONCE", 1)
    undo_inventory_import(run=five, by=editor)
    with pytest.raises(NotPossibleNow):
        hand_in(inventory(("Système 9", "Eau", "Idée")), start=True)
    run_jobs()
    assert hand_in(inventory(("Système 9", "Eau", "Idée")), start=True).created_count == 1
