"""`manage.py import_register`: JSON and nothing else, one sentence when the file cannot be read."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from core.models import AuditEvent, StoredFile
from registry.models import ForeignSystem, ImportRun
from registry.serializers.imports import failure_sentence
from tests.registry.imports.builders import canada, csv_of, dirty_edition
from tests.registry.registers import daily, daily_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    path = tmp_path / "édition d'avril.csv"
    path.write_bytes(dirty_edition(20))
    return path


def run(*arguments: Any) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_register", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_json_is_all_that_is_printed_and_rejected_rows_are_no_failure(edition: Path) -> None:
    code, out, err = run("ca", edition, "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert {key: told[key] for key in told if key not in {"reasons", "recodings"}} == {
        "created": 17,
        "updated": 0,
        "unchanged": 0,
        "rejected": 4,
    }
    assert told["reasons"][0] == {"row": 5, "field": "description_ai_system_en", "reason": "formula_cell"}
    assert set(told["recodings"][0]) == {"field", "kind", "from", "to", "count"}
    assert ImportRun.objects.get().started_by_ref == "import_register"


def test_people_read_counts_and_sentences(edition: Path) -> None:
    _, out, _ = run("ca", edition)
    lines = out.splitlines()
    assert "17" in lines[0] and "4" in lines[0]
    assert len(lines) == 6
    assert "ai_register_id" in lines[2]


def test_a_dry_run_says_so_and_writes_nothing(edition: Path) -> None:
    code, out, _ = run("ca", edition, "--dry-run")
    assert code == 0 and len(out.splitlines()) == 7
    assert not ForeignSystem.objects.exists() and not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"Nom;Phase\nTri;Pilote\n", csv_of([canada()], ["ai_register_id", "status_date"]), b"\x89PNG\r\n\x1a\n0000"],
)
def test_an_unreadable_file_is_one_sentence_and_exit_code_1(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    code, out, err = run("ca", path, "--json")
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1 and len(err) > 20
    stopped = ImportRun.objects.get()
    assert (stopped.state, stopped.started_by_ref, stopped.file_name) == ("failed", "import_register", "x.csv")
    assert failure_sentence(stopped) == err.strip()
    assert (stopped.file.size if stopped.file else 0) == len(content)
    assert AuditEvent.objects.filter(verb="fail_import", object_ref=str(stopped.uuid)).count() == 1


def test_a_trial_of_an_unreadable_file_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Nom;Phase\nTri;Pilote\n")
    assert run("ca", path, "--dry-run")[0] == 1
    assert not ImportRun.objects.exists() and not StoredFile.objects.exists()


def test_a_file_that_the_scanner_refuses_is_told_and_not_kept(edition: Path, settings: Any) -> None:
    settings.FILE_SCANNER = "tests.registry.imports.test_inventory.refuse_all"
    code, out, err = run("ca", edition)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    stopped = ImportRun.objects.get()
    assert (stopped.state, stopped.failure, stopped.file) == ("failed", "unsafe_file", None)
    assert not ForeignSystem.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [("ca", "/nulle/part.csv"), ("ca", "/"), ("zz", __file__), ("zz",), ("ca",), (), ("us", "--json"), ("\x00",)],
)
def test_what_cannot_be_opened_is_one_sentence_and_exit_code_1(arguments: tuple[str, str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


def test_an_unknown_register_says_which_there_are(edition: Path) -> None:
    with translation.override("fr"):
        _, _, err = run("zz", edition)
        assert all(code in err for code in ("zz", "ca", "nl", "us", "Registre des algorithmes", "États-Unis"))
        assert "us" in run()[2]


def test_a_dutch_file_comes_in_by_command(tmp_path: Path) -> None:
    path = tmp_path / "algoritmes.json"
    path.write_bytes(daily_file(daily(1), daily(2, title="")))
    code, out, err = run("nl", path, "--json")
    told = json.loads(out)
    assert (code, err, told["created"], told["rejected"]) == (0, "", 1, 1)
    assert told["reasons"] == [{"row": 2, "field": "name", "reason": "missing_name"}]


@pytest.mark.parametrize("register", ["ca", "nl", "us"])
@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'[{"title": "x"', b'{"a": {}}', b'["\\u0000"]', b'[{"a": "b"}]', b'{"\xff": [{}]}']
)
def test_a_hostile_json_is_one_sentence(tmp_path: Path, register: str, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    code, out, err = run(register, path)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert "%(" not in err and ImportRun.objects.get().state == "failed"
