"""`manage.py import_inventory`: the same drafts as the pages make, or one sentence and a stopped run."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent, Intent, StoredFile
from organizations.models import Organization, User
from registry.models import AISystem, ColumnMapping, ImportRow, ImportRun
from registry.serializers.imports import failure_sentence
from registry.services.imports import inventory_rows, retry_row
from registry.workflow import RunState
from tests.registry.imports.builders import inventory, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(body: Organization, editor: User, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """(exit code, standard output, standard error) of a file of `body`, handed in by its editor."""

    def run(content: bytes, *options: str, sigle: str = "MTEST", by: str = editor.email) -> tuple[int, str, str]:
        path = tmp_path / "inventaire d'été.csv"
        path.write_bytes(content)
        out, err = StringIO(), StringIO()
        arguments = [sigle, str(path), "--by", by, *options]
        try:
            call_command("import_inventory", *arguments, stdout=out, stderr=err, no_color=True)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return run


Command = Callable[..., tuple[int, str, str]]


def test_rows_come_in_as_drafts_and_the_answer_is_json_alone(
    command: Command, three_rows: bytes, editor: User, body: Organization
) -> None:
    code, out, err = command(three_rows, "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert {key: told[key] for key in ("created", "updated", "unchanged", "rejected")} == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert told["reasons"] == [{"row": 3, "field": "name_fr", "reason": "name_missing"}]
    run = ImportRun.objects.get()
    assert (run.state, run.started_by, run.organization, run.file is not None) == (RunState.DONE, editor, body, True)
    assert set(AISystem.objects.values_list("status", "source_run", "created_by")) == {("draft", run.uuid, editor.pk)}
    verbs = AuditEvent.objects.filter(object_ref=str(run.uuid)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["import_inventory", "start_import", "finish_import"]


def test_the_same_file_twice_changes_nothing(command: Command, three_rows: bytes) -> None:
    command(three_rows)
    before = list(AISystem.objects.order_by("pk").values())
    told = json.loads(command(three_rows, "--json")[1])
    assert (told["created"], told["updated"], told["unchanged"], told["rejected"]) == (0, 0, 2, 1)
    assert list(AISystem.objects.order_by("pk").values()) == before


def test_its_rejected_rows_are_corrected_on_the_page(command: Command, three_rows: bytes, editor: User) -> None:
    command(three_rows)
    row = retry_row(row=ImportRow.objects.get(number=3), cells={"Nom du projet": "Suivi"}, by=editor)
    assert row.outcome == "created"


def test_people_read_counts_and_sentences(command: Command, three_rows: bytes) -> None:
    lines = command(three_rows)[1].splitlines()
    assert "2" in lines[0] and len(lines) == 3 and "3" in lines[1]


def test_a_trial_tells_the_same_and_writes_nothing(command: Command, three_rows: bytes) -> None:
    told = json.loads(command(three_rows, "--dry-run", "--json")[1])
    assert (told["created"], told["rejected"]) == (2, 1)
    for model in (AISystem, ImportRun, ImportRow, StoredFile, ColumnMapping, Intent):
        assert not model.objects.exists()


def test_a_workbook_comes_in_part_by_part(command: Command, monkeypatch: Any) -> None:
    monkeypatch.setattr(inventory_rows, "PART", 4)
    rows = [[f"Système {number}", "Idée"] for number in range(8)]
    told = json.loads(command(xlsx_of([["Nom du système", "Statut"], *rows]), "--json")[1])
    assert told["created"] == AISystem.objects.count() == 8


def test_a_sheet_that_is_not_there_is_said(command: Command) -> None:
    book = xlsx_of([["Nom du système"], ["Tri"]])
    assert "Ailleurs" in command(book, "--sheet", "Ailleurs")[2]
    assert command(book, "--sheet", "Inventaire")[0] == 0


UNKNOWN = inventory(("Tri", "Permis"), columns=("Chose", "Truc"))


def test_a_name_that_cannot_be_guessed_is_one_sentence_with_the_columns(command: Command) -> None:
    code, out, err = command(UNKNOWN)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert "Chose, Truc" in err
    run = ImportRun.objects.get()
    assert (run.state, run.failure, failure_sentence(run)) == (RunState.FAILED, "name_not_found", err.strip())
    assert not AISystem.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--map", "Chose=name_fr", "--map", "Truc=unit_fr"),
        ("--columns", '{"Chose": "name_fr", "truc": "unit_fr"}'),
        ("--columns", '{"Chose": "supplier", "Truc": "unit_fr"}', "--map", "CHOSE=name_fr"),
    ],
)
def test_columns_may_be_said_and_are_remembered(command: Command, options: tuple[str, ...]) -> None:
    assert command(UNKNOWN, *options)[0] == 0
    system = AISystem.objects.get()
    assert (system.name_fr, system.unit_fr) == ("Tri", "Permis")
    assert command(UNKNOWN)[0] == 0


def test_what_is_said_takes_its_field_from_the_guess(command: Command) -> None:
    content = inventory(("Vieux nom", "Tri"), columns=("Nom du système", "Titre usuel"))
    assert command(content, "--map", "Titre usuel=name_fr")[0] == 0
    assert AISystem.objects.get().name_fr == "Tri"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--map", "Ailleurs=name_fr"), "Ailleurs"),
        (("--map", "Chose=reference", "--map", "Truc=name_fr"), ""),
        (("--map", "Chose"), "--map"),
        (("--columns", "Chose"), "--columns"),
        (("--columns", '["Chose"]'), "--columns"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(command: Command, options: tuple[str, ...], words: str) -> None:
    code, out, err = command(UNKNOWN, *options)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert words in err and not AISystem.objects.exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html><body>Connexion</body></html>", b"PK\x03\x04 broken"])
def test_an_unreadable_file_is_one_sentence_and_a_stopped_run(command: Command, content: bytes) -> None:
    code, out, err = command(content)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    run = ImportRun.objects.get()
    assert (run.state, failure_sentence(run)) == (RunState.FAILED, err.strip())


def test_who_may_not_import_there_is_refused(
    command: Command, three_rows: bytes, reviewer: User, outsider: User
) -> None:
    for by in (reviewer.email, outsider.email, "personne@nulle-part.example"):
        code, out, err = command(three_rows, by=by)
        assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert command(three_rows, sigle="ZZZ")[0] == 1
    assert not ImportRun.objects.exists()


def test_somebody_answers_for_the_drafts(three_rows: bytes) -> None:
    with pytest.raises(CommandError):
        call_command("import_inventory", "MTEST", "x.csv")


def test_beside_another_file_of_the_body_it_waits(
    command: Command, three_rows: bytes, body: Organization, hand_in: Callable[..., ImportRun]
) -> None:
    ImportRun.objects.filter(pk=hand_in(three_rows).pk).update(state=RunState.RUNNING)
    code, _out, err = command(three_rows)
    assert code == 1 and len(err.strip().splitlines()) == 1 and ImportRun.objects.count() == 1


def test_what_a_killed_command_left_is_ended_by_the_worker(
    command: Command, three_rows: bytes, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    """Its run would else stand in the way of the body's next file for ever."""
    monkeypatch.setattr("registry.services.imports.inventory_command.bring_in_part", lambda **_keys: None)
    command(three_rows)
    assert ImportRun.objects.get().state == RunState.RUNNING
    Intent.objects.update(due_at="2026-01-01T00:00Z")
    run_jobs()
    assert ImportRun.objects.get().state == RunState.DONE and AISystem.objects.count() == 2
