"""Files made to hurt: each is one clear sentence or one lost row, from the command and from the page."""

import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core.models import Intent
from core.models.intent import IntentState
from core.services import InvalidInput
from organizations.models import User
from registry.models import AISystem, ForeignSystem, ImportRun
from registry.services.imports import inventory_rows, sentence_for, start_inventory_import
from registry.services.imports.messages import FILE_SENTENCES, ROW_SENTENCES
from registry.workflow import RowOutcome, RunState
from tests.registry.imports.builders import CANADA, SCRIPT, canada, csv_of, inventory

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]


def zip_bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to a gigabyte."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(100):
                part.write(b" " * 1_000_000)
    return stream.getvalue()


def too_many_rows() -> bytes:
    header = ",".join(CANADA)
    return (header + "\r\n" + ("x" + "," * (len(CANADA) - 1) + "\r\n") * 100_000).encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip_bomb": zip_bomb,
    "too_many_rows": too_many_rows,
    "not_a_table": lambda: b"<html><script>alert(1)</script></html>",
    "old_xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "empty_file": lambda: b"\xef\xbb\xbf\r\n",
    "file_too_large": lambda: b"a,b\r\n" + b"x" * 20_000_001,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_the_command_refuses_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "registre.csv"
    path.write_bytes(HOSTILE[name]())
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import_register", "ca", str(path), "--json", stdout=out, stderr=err, no_color=True)
    assert (end.value.code, out.getvalue()) == (1, "")
    assert len(err.getvalue().strip().splitlines()) == 1
    assert "%(" not in err.getvalue()
    run = ImportRun.objects.get()
    assert (run.state, run.rows.count()) == (RunState.FAILED, 0)
    # What was cut for its size, or would burst, is proof of nothing: it is not kept.
    assert (run.file is None) == (name in {"zip_bomb", "file_too_large"})


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_an_inventory_refuses_in_one_sentence(hand_in: HandIn, run_jobs: Callable[[], int], name: str) -> None:
    """At once for a small file; by its run for a large one, which a job reads."""
    try:
        run = hand_in(HOSTILE[name]())
    except InvalidInput as refusal:
        assert refusal.field == "file" and "%(" not in refusal.sentence
        return
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, name)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "mac_roman"])
def test_a_register_in_any_encoding_keeps_its_accents(tmp_path: Path, encoding: str) -> None:
    rows = [canada(number, name_ai_system_fr="Repérage d'érables âgés") for number in range(1, 6)]
    path = tmp_path / "registre.csv"
    path.write_bytes(csv_of(rows).decode("utf-8-sig").encode(encoding))
    call_command("import_register", "ca", str(path), "--json", stdout=StringIO())
    assert ForeignSystem.objects.get(source_id__endswith="001").document["names"]["fr"] == "Repérage d'érables âgés"


def test_a_job_that_dies_in_the_middle_of_a_part_leaves_nothing_of_it(
    hand_in: HandIn, editor: User, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    """Rows, drafts and counts are one: after the second try each draft exists once."""
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 1)
    run = hand_in(inventory(*[(f"Système {number}", "Eau") for number in range(20)]), confirm=True)
    start_inventory_import(run=run, by=editor)
    bring_in = inventory_rows.bring_in

    def dies(*args: Any, **options: Any) -> None:
        bring_in(*args, **options)
        raise ConnectionError("the worker was killed")

    monkeypatch.setattr(inventory_rows, "bring_in", dies)
    run_jobs()
    run.refresh_from_db()
    assert (run.created_count, AISystem.objects.count()) == (0, 0)
    assert run.rows.filter(outcome=RowOutcome.WAITING).count() == 20
    monkeypatch.setattr(inventory_rows, "bring_in", bring_in)
    Intent.objects.filter(state=IntentState.WAITING).update(due_at="2026-01-01T00:00Z")
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.created_count, AISystem.objects.count()) == (RunState.DONE, 20, 20)


def test_a_sentence_exists_for_whatever_goes_wrong() -> None:
    """Every code that a reader of files may give has its sentence, and a stranger to us says something too."""
    import re

    folder = Path(__file__).resolve().parents[3] / "registry" / "standards"
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    refusals = set(re.findall(r'UnreadableFile\(\s*"([a-z_]+)"', source))
    damages = set(re.findall(r'(?:problems\.append\(\(|_problem\(code, |Rejected\([^"]*|Problem\()"([a-z_]+)"', source))
    assert refusals and damages
    assert not refusals - set(FILE_SENTENCES) and not damages - set(ROW_SENTENCES)
    assert sentence_for("nobody_knows") and sentence_for("too_many_rows")


def test_what_a_stranger_wrote_is_never_a_format(hand_in: HandIn) -> None:
    """A «%» or a brace in a cell is shown, not interpreted."""
    run = hand_in(inventory(("100 % {0} %s %(name)s", SCRIPT, "%(x)s")), start=True)
    assert AISystem.objects.get().name_fr == "100 % {0} %s %(name)s"
    assert run.rows.get().problems[0]["value"] == "%(x)s"
