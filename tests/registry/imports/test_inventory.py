"""A body's inventory: what comes in, what stays out, twice, in a later edition, beside people's own work."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from core.models import AuditEvent, Intent, StoredFile
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization, User
from registry.models import AISystem, ColumnMapping, ImportRow, ImportRun
from registry.services.imports import (
    abandon_run,
    choose_sheet,
    inventory_file,
    inventory_rows,
    map_columns,
    order_inventory_import,
    retry_row,
    start_inventory_import,
)
from registry.services.systems import declare_system, save_answers
from registry.workflow import RowOutcome, RunState
from tests.factories.registry import SystemFactory
from tests.registry.imports.builders import SCRIPT, inventory, xlsx_of

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    run.refresh_from_db()
    return run.created_count, run.updated_count, run.unchanged_count, run.rejected_count


def test_handing_in_proposes_columns_and_writes_no_system(
    hand_in: HandIn, three_rows: bytes, body: Organization
) -> None:
    run = hand_in(three_rows)
    assert run.state == RunState.PREPARING
    assert run.mapping["columns"] == {
        "Nom du projet": "name_fr",
        "Direction": "unit_fr",
        "Statut": "phase",
        "Courriel": "contact_email",
    }
    assert run.rows.count() == run.mapping["rows"] == 3
    assert run.file is not None and run.file.organization_uuid == body.uuid
    assert not AISystem.objects.exists()


def test_rows_come_in_as_drafts_and_the_rest_says_why(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    run = hand_in(three_rows, start=True)
    assert (run.state, counts(run)) == (RunState.DONE, (2, 0, 0, 1))
    permit, leak = AISystem.objects.order_by("pk")
    assert (permit.status, permit.reference, permit.created_by, permit.source_run) == ("draft", None, editor, run.uuid)
    assert (permit.unit_fr, permit.contact_email) == ("Permis", "ia@m.example")
    assert leak.phase == ""
    outcomes = {row.number: (row.outcome, [each["reason"] for each in row.problems]) for row in run.rows.all()}
    assert outcomes == {
        2: (RowOutcome.CREATED, []),
        3: (RowOutcome.REJECTED, ["name_missing"]),
        4: (RowOutcome.CREATED, ["unknown_value"]),
    }
    assert run.rows.get(number=4).problems[0]["value"] == "En rodage"


def test_what_serves_already_is_recorded_as_being_put_in_order(hand_in: HandIn, three_rows: bytes) -> None:
    run = hand_in(three_rows, start=True)
    assert AISystem.objects.get(name_fr="Tri des permis").phase == "regularizing"
    assert {
        "field": "phase",
        "kind": "synonym",
        "from": "En production",
        "to": "regularizing",
        "count": 1,
    } in run.recodings


def test_the_same_file_twice_changes_nothing(hand_in: HandIn, three_rows: bytes) -> None:
    hand_in(three_rows, start=True)
    before = list(AISystem.objects.order_by("pk").values())
    assert counts(hand_in(three_rows, start=True)) == (0, 0, 2, 1)
    assert list(AISystem.objects.order_by("pk").values()) == before


@pytest.mark.slow
def test_a_later_file_renews_a_draft_nobody_touched_again_and_again(hand_in: HandIn) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    for phase, code in (("Pilote", "pilot"), ("Développement", "development")):
        run = hand_in(inventory(("Tri", "Permis", phase)), start=True)
        assert counts(run) == (0, 1, 0, 0)
        assert AISystem.objects.get().phase == code
    assert AISystem.objects.get().version == 3


def test_a_cell_emptied_since_erases_nothing(hand_in: HandIn) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée", "ia@m.example")), start=True)
    hand_in(inventory(("Tri", "Permis", "Pilote", "")), start=True)
    assert AISystem.objects.get().contact_email == "ia@m.example"


def test_a_person_s_work_is_never_overwritten(hand_in: HandIn, editor: User) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    system = AISystem.objects.get()
    save_answers(system=system, answers={"need_fr": "Écrit à la main."}, version=1, by=editor)
    run = hand_in(inventory(("Tri", "Permis", "Pilote")), start=True)
    assert counts(run) == (0, 0, 1, 0)
    assert run.rows.get().problems[0]["reason"] == "kept_as_edited"
    system.refresh_from_db()
    assert (system.phase, system.need_fr) == ("idea", "Écrit à la main.")


def test_a_draft_renamed_by_a_person_is_still_known_by_its_file(hand_in: HandIn, editor: User) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée")), start=True)
    save_answers(system=AISystem.objects.get(), answers={"name_fr": "Tri des demandes"}, version=1, by=editor)
    assert counts(hand_in(inventory(("Tri", "Permis", "Idée")), start=True)) == (0, 0, 1, 0)
    assert AISystem.objects.count() == 1


def test_a_system_declared_by_hand_is_not_doubled(hand_in: HandIn, body: Organization) -> None:
    SystemFactory(organization=body, name_fr="Tri des Permis", unit_fr="Direction des permis", phase="pilot")
    run = hand_in(inventory(("tri des permis", "direction des permis", "Idée")), start=True)
    assert counts(run) == (0, 0, 1, 0)


def test_a_system_of_another_body_is_another_system(hand_in: HandIn, other_body: Organization) -> None:
    SystemFactory(organization=other_body, name_fr="Tri", unit_fr="Permis")
    assert counts(hand_in(inventory(("Tri", "Permis")), start=True)) == (1, 0, 0, 0)


def test_the_body_s_own_identifier_is_stronger_than_the_name(hand_in: HandIn) -> None:
    columns = ("No", "Nom du projet", "Statut")
    first = inventory(("S-1", "Tri", "Idée"), ("S-2", "Tri", "Pilote"), columns=columns)
    assert counts(hand_in(first, start=True)) == (2, 0, 0, 0)
    renamed = inventory(("S-1", "Tri des permis", "Idée"), ("S-3", "Tri", "Idée"), columns=columns)
    assert counts(hand_in(renamed, start=True)) == (1, 1, 0, 0)
    assert sorted(AISystem.objects.values_list("name_fr", flat=True)) == ["Tri", "Tri", "Tri des permis"]


def test_two_rows_of_one_name_are_a_repeat_or_a_doubt(hand_in: HandIn) -> None:
    run = hand_in(
        inventory(("Tri", "Permis", "Idée"), ("TRI ", "Permis", "Idée"), ("Tri", "Permis", "Pilote")), start=True
    )
    reasons = [[each["reason"] for each in row.problems] for row in run.rows.all()]
    assert counts(run) == (1, 0, 0, 2)
    assert reasons == [[], ["duplicate_row"], ["duplicate_row"]]


def test_a_repeated_row_is_no_second_system(hand_in: HandIn) -> None:
    run = hand_in(inventory(("Tri", "Permis", "Idée"), ("Tri", "Permis", "Idée")), start=True)
    assert counts(run) == (1, 0, 1, 0)
    assert run.rows.get(number=3).problems[0]["reason"] == "repeated_row"


def test_hostile_cells_are_texts_or_stay_out(hand_in: HandIn) -> None:
    run = hand_in(inventory((SCRIPT, "Permis"), ("=cmd|'/C calc'!A0", "Permis"), ("Nul\x00\x07", "Eau")), start=True)
    assert counts(run) == (2, 0, 0, 1)
    assert set(AISystem.objects.values_list("name_fr", flat=True)) == {SCRIPT, "Nul"}
    assert [each["reason"] for each in run.rows.get(number=3).problems] == ["formula_cell"]


def test_a_broken_row_costs_itself(hand_in: HandIn) -> None:
    content = inventory(("Tri", "Permis")) + b'Cass\xc3\xa9,"jamais ferm\xc3\xa9\r\nSuivi,Eau,Pilote,\r\n'
    run = hand_in(content, start=True)
    assert counts(run) == (2, 0, 0, 1)
    assert run.rows.get(number=3).problems[0]["reason"] == "unterminated_quote"


def test_a_windows_file_keeps_its_accents(hand_in: HandIn) -> None:
    content = "Nom du projet;Statut\r\nRepérage des érables;Idée\r\nÉvaluation;Pilote\r\n".encode("cp1252")
    hand_in(content, start=True)
    assert AISystem.objects.filter(name_fr="Repérage des érables").exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_an_unreadable_file_is_one_sentence_and_nothing_is_kept(hand_in: HandIn, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        hand_in(content)
    assert refusal.value.field == "file" and len(refusal.value.sentence) > 20
    assert not ImportRun.objects.exists() and not StoredFile.objects.exists()


def test_the_virus_scanner_has_its_say(hand_in: HandIn, three_rows: bytes, settings: Any) -> None:
    settings.FILE_SCANNER = "tests.registry.imports.test_inventory.refuse_all"
    with pytest.raises(InvalidInput):
        hand_in(three_rows)
    assert not ImportRun.objects.exists()


def refuse_all(content: bytes) -> bool:
    return False


def test_the_same_form_sent_twice_is_one_run(body: Organization, editor: User, three_rows: bytes) -> None:
    key = uuid4()
    sent = {"organization": body, "content": three_rows, "file_name": "i.csv", "by": editor, "request_key": key}
    assert order_inventory_import(**sent).pk == order_inventory_import(**sent).pk


def test_who_has_no_right_is_refused(body: Organization, reviewer: User, outsider: User, three_rows: bytes) -> None:
    for person in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            order_inventory_import(
                organization=body, content=three_rows, file_name="i.csv", by=person, request_key=uuid4()
            )


def test_every_step_refuses_who_has_no_right(hand_in: HandIn, three_rows: bytes, reviewer: User) -> None:
    run = hand_in(three_rows, confirm=True)
    steps: list[Callable[[], Any]] = [
        lambda: map_columns(run=run, columns=run.mapping["columns"], by=reviewer),
        lambda: choose_sheet(run=run, sheet="x", by=reviewer),
        lambda: start_inventory_import(run=run, by=reviewer),
        lambda: abandon_run(run=run, by=reviewer),
        lambda: retry_row(row=run.rows.all()[0], cells={}, by=reviewer),
    ]
    for step in steps:
        with pytest.raises(NotAllowed):
            step()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"Nom du projet": ""}, "nom"),
        ({"Direction": "name_fr"}, "Deux colonnes"),
        ({"Direction": "reference"}, "Choisissez"),
        ({"Direction": "name_en"}, "Choisissez"),
    ],
)
def test_columns_that_make_no_sense_are_refused(hand_in: HandIn, three_rows: bytes, columns: Any, words: str) -> None:
    with pytest.raises(InvalidInput):
        hand_in(three_rows, confirm=True, **columns)


def test_a_correction_is_remembered_for_the_body(
    hand_in: HandIn, three_rows: bytes, body: Organization, other_body: Organization
) -> None:
    hand_in(three_rows, confirm=True, Direction="supplier", Courriel="")
    assert dict(ColumnMapping.objects.values_list("header", "field")) == {"direction": "supplier", "courriel": ""}
    again = hand_in(three_rows.replace(b"Direction", b"DIRECTION :"))
    assert again.mapping["columns"]["DIRECTION :"] == "supplier"
    assert again.mapping["columns"]["Courriel"] == ""


def test_a_memory_can_be_corrected(hand_in: HandIn, three_rows: bytes) -> None:
    hand_in(three_rows, confirm=True, Direction="supplier")
    hand_in(three_rows, confirm=True, Direction="unit_fr")
    assert hand_in(three_rows).mapping["columns"]["Direction"] == "unit_fr"


def test_english_columns_are_for_bodies_that_publish_in_english(hand_in: HandIn, body: Organization) -> None:
    content = inventory(("Tri", "Sorting"), columns=("Nom du système", "Nom du système (anglais)"))
    assert hand_in(content).mapping["columns"]["Nom du système (anglais)"] == ""
    body.publishes_in_english = True
    body.save()
    assert hand_in(content).mapping["columns"]["Nom du système (anglais)"] == "name_en"


def test_another_sheet_can_be_read(hand_in: HandIn, editor: User) -> None:
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    for name, system in (("2024", "Ancien"), ("2025", "Nouveau")):
        sheet = book.create_sheet(name)
        sheet.append(["Nom du système", "Statut"])
        sheet.append([system, "Idée"])
    stream = BytesIO()
    book.save(stream)
    run = hand_in(stream.getvalue())
    assert run.mapping["sheet"] == "2024"
    run = choose_sheet(run=run, sheet="2025", by=editor)
    assert [row.cells["Nom du système"] for row in run.rows.all()] == ["Nouveau"]
    with pytest.raises(NotPossibleNow):
        choose_sheet(run=run, sheet="2099", by=editor)


def test_an_abandoned_file_lets_nothing_in(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    run = abandon_run(run=hand_in(three_rows, confirm=True), by=editor)
    assert (run.state, run.failure, run.rows.count()) == (RunState.FAILED, "abandoned", 0)
    with pytest.raises(NotPossibleNow):
        start_inventory_import(run=run, by=editor)


def test_a_run_starts_once_and_after_its_columns(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    with pytest.raises(NotPossibleNow):
        start_inventory_import(run=hand_in(three_rows), by=editor)
    run = hand_in(three_rows, start=True)
    with pytest.raises(NotPossibleNow):
        start_inventory_import(run=run, by=editor)
    with pytest.raises(NotPossibleNow):
        map_columns(run=run, columns=run.mapping["columns"], by=editor)


def test_two_files_of_one_body_do_not_come_in_together(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    first, second = hand_in(three_rows, confirm=True), hand_in(three_rows, confirm=True)
    ImportRun.objects.filter(pk=first.pk).update(state=RunState.RUNNING)
    with pytest.raises(NotPossibleNow):
        start_inventory_import(run=second, by=editor)


def test_the_ledger_tells_each_act(hand_in: HandIn, three_rows: bytes) -> None:
    run = hand_in(three_rows, start=True)
    verbs = AuditEvent.objects.filter(object_ref=str(run.uuid)).order_by("pk").values_list("verb", "actor_kind")
    assert list(verbs) == [
        ("import_inventory", "person"),
        ("map_columns", "person"),
        ("start_import", "person"),
        ("finish_import", "import"),
    ]


def test_a_rejected_row_is_corrected_and_tried_again(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    run = hand_in(three_rows, start=True)
    row = retry_row(row=run.rows.get(number=3), cells={"Nom du projet": "Suivi du greffe"}, by=editor)
    assert (row.outcome, row.problems) == (RowOutcome.CREATED, [])
    assert row.system is not None and row.system.unit_fr == "Greffe"
    assert counts(run) == (3, 0, 0, 0)
    with pytest.raises(NotPossibleNow):
        retry_row(row=row, cells={}, by=editor)


def test_a_correction_that_does_not_suffice_is_kept(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    run = hand_in(three_rows, start=True)
    row = retry_row(row=run.rows.get(number=3), cells={"Direction": "Greffe municipal"}, by=editor)
    assert row.outcome == RowOutcome.REJECTED
    assert row.cells["Direction"] == "Greffe municipal"
    assert counts(run) == (2, 0, 0, 1)


def test_a_correction_of_other_columns_is_refused(hand_in: HandIn, three_rows: bytes, editor: User) -> None:
    run = hand_in(three_rows, start=True)
    with pytest.raises(InvalidInput):
        retry_row(row=run.rows.get(number=3), cells={"Autre": "x"}, by=editor)


def test_a_row_that_the_database_refuses_stays_out_alone(hand_in: HandIn, editor: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_aisystem ADD CONSTRAINT refused CHECK (name_fr <> 'Système 5')")
    run = hand_in(inventory(*[(f"Système {number}", "Eau") for number in range(10)]), start=True)
    assert counts(run) == (9, 0, 0, 1)
    rejected = run.rows.get(outcome=RowOutcome.REJECTED)
    assert (rejected.number, rejected.system, rejected.problems[0]["reason"]) == (7, None, "database_refused")
    retry_row(row=rejected, cells={"Nom du projet": "Système cinq"}, by=editor)
    assert counts(run) == (10, 0, 0, 0)


def test_a_large_file_is_read_and_imported_by_jobs(
    hand_in: HandIn, editor: User, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_file, "READ_AT_ONCE", 100)
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 2)
    monkeypatch.setattr(inventory_rows, "PART", 4)
    run = hand_in(inventory(*[(f"Système {number}", "Eau") for number in range(10)]))
    assert run.mapping == {} and run_jobs() == 1
    run.refresh_from_db()
    run = map_columns(run=run, columns=run.mapping["columns"], by=editor)
    run = start_inventory_import(run=run, by=editor)
    assert (run.state, AISystem.objects.count()) == (RunState.RUNNING, 0)
    assert run_jobs() == 3
    assert counts(run) == (10, 0, 0, 0) and run.state == RunState.DONE
    assert AISystem.objects.filter(created_by=editor).count() == 10


def test_a_large_unreadable_file_fails_its_run_with_its_reason(
    hand_in: HandIn, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_file, "READ_AT_ONCE", 5)
    run = hand_in(b"%PDF-1.7")
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, "not_a_table")


def test_a_job_that_gives_up_lets_nobody_wait(
    hand_in: HandIn, three_rows: bytes, run_jobs: Callable[[], int], editor: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 2)
    run = start_inventory_import(run=hand_in(three_rows, confirm=True), by=editor)
    monkeypatch.setattr(inventory_rows, "plan_rows", lambda *args, **options: 1 / 0)
    for _ in range(5):
        Intent.objects.update(due_at="2026-01-01T00:00Z")
        run_jobs()
    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, "interrupted")
    assert ImportRow.objects.filter(run=run, outcome=RowOutcome.WAITING).count() == 3


def test_a_workbook_with_a_formula_imports_the_rest_of_its_row(hand_in: HandIn) -> None:
    run = hand_in(xlsx_of([["Nom du système", "Statut", "Direction"], ["Tri", "=A1", "Permis"]]), start=True)
    assert counts(run) == (1, 0, 0, 0)
    assert [(each["field"], each["reason"]) for each in run.rows.get().problems] == [("phase", "formula_cell")]


def test_an_imported_draft_can_be_completed_and_declared(hand_in: HandIn, body: Organization, editor: User) -> None:
    hand_in(inventory(("Tri", "Permis", "Idée", "ia@m.example")), start=True)
    whole = SystemFactory.build(organization=body, created_by=editor, updated_by=editor)
    answers = {
        code: getattr(whole, code)
        for code in (
            "summary_fr",
            "need_fr",
            "affected",
            "autonomy",
            "personal_information",
            "category",
            "benefit_fr",
            "origin",
        )
    }
    system = save_answers(system=AISystem.objects.get(), answers=answers, version=1, by=editor)
    assert declare_system(system=system, by=editor).reference == "QC-MTEST-0001"


def test_a_closed_body_takes_no_file(hand_in: HandIn, three_rows: bytes, body: Organization) -> None:
    Organization.objects.filter(pk=body.pk).update(closed_on="2026-01-01")
    body.refresh_from_db()
    with pytest.raises(NotPossibleNow):
        hand_in(three_rows)
    assert not ImportRun.objects.exists()
