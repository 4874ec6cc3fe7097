"""The whole register as a workbook: the same lines as the table, its dictionary, and nothing that runs."""

import csv
import io
import tempfile
import tracemalloc
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from core.audit import NamedJob
from registry.public.open_data import dictionary, workbook
from registry.services import public_files
from registry.services.public_files import documents_in_force, make_public_files
from registry.services.withholding import withhold_system
from tests.factories.publications import copies, published, publisher_of

JOB = NamedJob("test")


def served(visitor, name):
    answer = visitor.get(f"/fr/donnees/fichiers/{name}")
    assert answer.status_code == 200
    return answer, io.BytesIO(b"".join(answer.streaming_content))


def written(documents=None):
    into = io.BytesIO()
    told = {"made_on": "2026-11-23", "address": "https://vigie.example"}
    count = workbook.write_register(into, documents_in_force() if documents is None else documents, **told)
    return count, load_workbook(into, read_only=True)


def test_it_has_the_lines_of_the_table_then_the_dictionary(sheet, everything, visitor):
    make_public_files(by=JOB)
    answer, content = served(visitor, "registre.xlsx")
    assert "spreadsheetml" in answer.headers["Content-Type"] and "attachment" in answer.headers["Content-Disposition"]
    systems, *_others, words, about = load_workbook(content).worksheets
    _answer, archive = served(visitor, "registre.csv.zip")
    with zipfile.ZipFile(archive) as files:
        table = list(csv.reader(io.StringIO(files.read("registre.csv").decode("utf-8-sig"))))
    rows = [["" if cell is None else str(cell) for cell in row] for row in systems.iter_rows(values_only=True)]
    assert rows == table and len(rows) == 3
    assert [cell.value for cell in words[1]] == dictionary.heads()
    assert words.max_row == 1 + len(dictionary.lines())
    assert "CC BY 4.0" in str(list(about.iter_rows(values_only=True)))
    assert "registre.xlsx" in visitor.get("/fr/donnees/").content.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_nothing_runs(public_body, start):
    published(public_body, name_fr=f"{start}cmd()", need_fr=f"{start}cmd()")
    _count, book = written()
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert any("cmd()" in str(cell.value) for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f" or str(cell.value).startswith(start)]


def test_what_excel_refuses_is_left_out(sheet):
    (document,) = documents_in_force()
    document["system"]["need"] = {"fr": "a\x00\x0bb" + "x" * 40_000}
    _count, book = written([document])
    longest = max((str(cell) for row in book.worksheets[0].values for cell in row), key=len)
    assert longest.startswith("abx") and len(longest) == workbook.LONGEST_CELL


def test_a_withheld_system_is_counted_and_not_described(everything):
    withhold_system(system=everything, ground="investigation", by=publisher_of(everything.organization))
    count, book = written()
    assert count == 1 and everything.name_fr not in str(list(book.worksheets[0].values))


def test_more_rows_than_excel_opens_are_cut_and_it_says_so(sheet, monkeypatch):
    copies(sheet, 5)
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with override("en"):
        count, book = written()
    assert count == 3 and "Excel opens no more rows" in str(list(book.worksheets[-1].values))


def test_an_empty_register_is_a_workbook_too(db):
    count, book = written()
    assert count == 0 and len(list(book.worksheets[0].values)) == 1


def test_fictional_data_say_so(sheet):
    (document,) = documents_in_force()
    with override("en"):
        _count, book = written([document | {"is_demonstration": True}])
    assert "demonstration" in str(next(iter(book.worksheets[-1].values)))


@pytest.mark.slow
def test_memory_and_questions_do_not_grow_with_the_register(sheet, monkeypatch):
    monkeypatch.setattr(public_files, "CHUNK", 50)
    peaks, asked = [], []
    for _round in range(2):
        copies(sheet, 400)
        tracemalloc.start()
        with CaptureQueriesContext(connection) as told, tempfile.TemporaryFile() as into:
            written_count = workbook.write_register(into, documents_in_force(), made_on="", address="")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        asked.append(len(told))
    assert written_count == 801 and asked[0] == asked[1]
    assert peaks[1] < peaks[0] * 1.25
