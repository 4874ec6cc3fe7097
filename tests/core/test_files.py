"""Private files: taken in with digest and type, given out as attachments, compared with their rows."""

import hashlib
import io
import uuid
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.audit import NamedJob
from core.files import UnsafeFile, as_attachment, plain_name, sniff, store, store_made, sweep
from core.models import StoredFile
from core.models.stored_file import Retention

pytestmark = pytest.mark.django_db
JOB = NamedJob("tests")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": str(tmp_path / "files")}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}
    return tmp_path / "files"


def keep(content: bytes = b"a;b\n1;2\n", name: str = "inventaire.csv", **given) -> StoredFile:
    return store(content=content, name=name, retention=Retention.IMPORT, by=JOB, organization=None, **given)


def workbook() -> bytes:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


# --- Taken in -------------------------------------------------------------------------------------------------------
def test_a_file_is_kept_with_its_digest_its_size_and_its_owner(body):
    stored = store(content=b"a;b\n", name="i.csv", retention=Retention.IMPORT, by=JOB, organization=body)
    assert stored.sha256 == hashlib.sha256(b"a;b\n").hexdigest()
    assert (stored.size, stored.media_type, stored.created_by_ref) == (4, "text/plain", "tests")
    assert stored.organization_uuid == body.uuid
    with stored.content.open() as kept:
        assert kept.read() == b"a;b\n"


def test_nothing_of_its_name_is_in_the_store_and_nobody_else_may_read_it(own_folder):
    keep(name="secret.csv")
    (kept,) = (path for path in own_folder.rglob("*") if path.is_file())
    assert "secret" not in str(kept) and kept.suffix == ""
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {kept.parent.stat().st_mode & 0o777, own_folder.stat().st_mode & 0o777} == {0o700}


def test_the_same_content_twice_is_two_files():
    assert keep().content.name != keep().content.name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("inventaire.xlsx", "inventaire.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\Mes outils.csv", "Mes outils.csv"),
        ("/tmp/a\r\nSet-Cookie: x=1", "a Set-Cookie: x=1"),
        ("nul\x00.csv", "nul.csv"),
        ("rapport\u202efdp.exe", "rapportfdp.exe"),
        ("..", "fichier"),
        ("", "fichier"),
        ("é" * 300, "é" * 200),
    ],
)
def test_a_name_is_the_last_part_of_a_path_on_one_line(name, kept):
    assert plain_name(name) == kept


@given(st.text())
def test_no_name_can_leave_its_folder_or_its_header(name):
    kept = plain_name(name)
    assert kept and len(kept) <= 200 and kept not in {".", ".."}
    assert not set(kept) & set("/\\\r\n\x00")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "image/png"),
        (b"nom;phase\nTri;id\xc3\xa9e\n", "text/plain"),
        (b"", "text/plain"),
        (bytes(40), "application/octet-stream"),
        (b"MZ" + bytes(100), "application/octet-stream"),
        (b"PK\x03\x04 cut", "application/octet-stream"),
        (zipped("a.txt"), "application/zip"),
        (zipped("[Content_Types].xml", "unknown/a.xml"), "application/zip"),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_type_is_read_from_the_content(content, media_type):
    assert sniff(content) == media_type


@given(
    st.binary()
    | st.builds(lambda start, rest: start + rest, st.sampled_from([b"PK\x03\x04", b"%PDF-", b"<?xml "]), st.binary())
)
def test_no_content_makes_the_reading_fail(content):
    assert "/" in sniff(content)


def test_a_file_we_made_says_its_own_type():
    assert keep(b"x", "fiche.pdf", media_type="application/pdf").media_type == "application/pdf"


def refuse(content: bytes) -> bool:
    return b"virus" not in content


def test_what_the_scanner_refuses_is_kept_nowhere(settings, own_folder):
    settings.FILE_SCANNER = f"{__name__}.refuse"
    keep(b"clean")
    with pytest.raises(UnsafeFile):
        keep(b"a virus")
    assert StoredFile.objects.count() == 1 and sweep().orphans == []


def test_a_file_that_a_job_made_has_the_digest_of_its_bytes_and_is_scanned_too(settings, own_folder):
    told = {"name": "registre.csv", "retention": Retention.REGISTER, "by": JOB, "media_type": "text/csv"}
    content = b"a,b\n" * 100_000
    stored = store_made(made=io.BytesIO(content), **told)
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with stored.content.open("rb") as kept:
        assert kept.read() == content
    settings.FILE_SCANNER = f"{__name__}.refuse"
    with pytest.raises(UnsafeFile):
        store_made(made=io.BytesIO(b"a virus"), **told)
    assert StoredFile.objects.count() == 1 and sweep().orphans == []


def test_a_digest_that_is_none_is_refused_by_the_database():
    stored = keep()
    stored.pk, stored.uuid, stored.sha256 = None, uuid.uuid4(), "A" * 64
    with pytest.raises(IntegrityError, match="storedfile_digest_is_sha256"), transaction.atomic():
        stored.save(force_insert=True)


# --- Given out ------------------------------------------------------------------------------------------------------
def test_a_file_goes_out_as_an_attachment_that_runs_nowhere():
    with closing(as_attachment(keep(b"<script>", "page.html", media_type="text/html"))) as answer:
        assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer.streaming_content) == b"<script>"


@pytest.mark.parametrize("name", ['a";\r\nX-Evil: 1', "été.csv", "a\\b.csv"])
def test_no_name_breaks_the_header(name):
    with closing(as_attachment(keep(name=name))) as answer:
        header = answer["Content-Disposition"]
    assert header.startswith("attachment; filename") and not set(header) & set("\r\n")


def test_a_file_may_go_out_under_another_name():
    with closing(as_attachment(keep(), name="fiche.pdf")) as answer:
        assert answer["Content-Disposition"] == 'attachment; filename="fiche.pdf"'


# --- Compared -------------------------------------------------------------------------------------------------------
def test_an_empty_store_is_in_order():
    assert sweep().orphans == sweep().missing == []


def test_a_sweep_finds_files_without_a_row_and_rows_without_their_file():
    kept, lost = keep(), keep()
    orphan = default_storage.save("2026/11/nobody", ContentFile(b"x"))
    default_storage.delete(lost.content.name)
    report = sweep()
    assert (report.orphans, report.missing) == ([orphan], [lost.content.name])
    assert default_storage.exists(orphan) and kept.content.name not in report.missing, "a sweep deletes nothing"


def test_an_erased_file_is_not_missing():
    stored = keep()
    stored.content.delete(save=False)
    StoredFile.objects.filter(pk=stored.pk).update(content="")
    assert sweep().missing == []


def test_a_rolled_back_act_leaves_an_orphan_that_the_sweep_shows():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep()
        raise ZeroDivisionError
    assert len(sweep().orphans) == 1 and Path(sweep().orphans[0]).parts[0].isdigit()
