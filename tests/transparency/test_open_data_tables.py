"""The register as tables: one for each kind of rows, joined by the number, every column in the dictionary."""

import csv
import io
import json
import tempfile
import tracemalloc
import zipfile

import pytest
from openpyxl import load_workbook

from core.audit import NamedJob
from organizations.services.public_copy import publish_body
from registry.field_catalogue import CATALOGUE
from registry.models import Publication
from registry.public.open_data import columns, tables_archive
from registry.public.open_data.flat import lines_of
from registry.services.public_files import documents_in_force, make_public_files
from registry.services.withholding import withhold_system
from registry.standards.portrait import HEADS, UNKNOWN
from registry.workflow import Phase
from tests.factories.publications import copies, public_organization, published, publisher_of
from tests.factories.solutions import claim_of, public_user, solution_of
from tests.transparency.conftest import page_of

JOB = NamedJob("test")
PARTS = [part.code for part in CATALOGUE.parts]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def dicts_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def whole(visitor, name: str) -> bytes:
    return b"".join(visitor.get(f"/fr/donnees/fichiers/{name}").streaming_content)


def archive_of(visitor) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole(visitor, "registre.csv.zip"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of(visitor, system) -> dict[str, bytes]:
    """Every CSV file that the public may take, by its name in the dictionary."""
    make_public_files(by=JOB)
    alone = {
        "systemes.csv": "recherche/systemes.csv",
        "<numéro>-v<version>.csv": f"systemes/{system.reference}/v/1.csv",
        "couverture.csv": "donnees/couverture.csv",
        "strategie.csv": "strategie.csv",
        "dictionnaire.csv": "donnees/dictionnaire.csv",
    }
    found = {name: visitor.get(f"/fr/{path}").content for name, path in alone.items()}
    return {**archive_of(visitor), **found, "portrait.csv": whole(visitor, "portrait.csv")}


@pytest.fixture
def with_solution(everything, public_body):
    solution = solution_of(public_body)
    claim_of(solution)
    return public_user(solution, public_body, reference="QC-MPUB-0077")


def test_every_column_of_every_file_is_in_the_dictionary_and_nothing_else(everything, visitor):
    files = files_of(visitor, everything)
    told: dict[str, list[str]] = {}
    for row in dicts_of(files["dictionnaire.csv"]):
        for name in row["files"].split("; "):
            told.setdefault(name, []).append(row["column"])
    assert {name: rows_of(content)[0] for name, content in files.items()} == told
    data = json.loads(visitor.get("/fr/donnees/dictionnaire.json").content)
    assert {
        name: [column["column"] for column in table["columns"]] for table in data["tables"] for name in table["files"]
    } == told


def test_each_column_says_what_it_is_in_both_languages(db, visitor):
    rows = dicts_of(visitor.get("/fr/donnees/dictionnaire.csv").content)
    for row in rows:
        empty = [name for name in ("label_fr", "label_en", "help_fr", "help_en", "type") if not row[name].strip()]
        assert not empty, (row["table"], row["column"], empty)
        assert "{" not in row["label_fr"] + row["help_fr"], row["column"]
        assert row["type"] in columns.words()["types"]
        if row["type"] in {"choice", "choices", "boolean"}:
            assert row["codes"] and len(row["codes"].split("; ")) == len(row["codes_en"].splitlines()), row["column"]
    told = {(row["table"], row["column"]): row for row in rows}
    assert told["systems", "kind"]["codes"] == "sheet; line; withheld; withdrawn"
    assert told["systems", "departs_from_principle_4"]["codes"] == "true; false"
    assert "line = Declared, sheet to come" in told["systems", "kind"]["codes_en"]
    assert told["coverage", "state"]["codes"] == "published; in_progress; none; silent"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_the_dictionary_has_the_columns_that_are_no_field(db, visitor, language):
    page = page_of(visitor, f"/{language}/donnees/dictionnaire/")
    for table in columns.tables().values():
        for column in table.columns:
            assert column.field or (column.name in page and column.label[language] in page), column.name


def test_the_archive_has_every_row_of_every_system(with_solution, everything, visitor):
    make_public_files(by=JOB)
    archive = archive_of(visitor)
    assert set(archive) == {
        "registre.csv", *(f"{part}.csv" for part in PARTS), "solution_facts.csv", "supplier_claims.csv",
        "dictionnaire.csv",
    }  # fmt: skip
    document = Publication.objects.get(reference=everything.reference).document
    for part in CATALOGUE.parts:
        rows = dicts_of(archive[f"{part.code}.csv"])
        told = document["details"]["parts"][part.code]
        assert [row["id"] for row in rows] == [row["id"] for row in told] and told, part.code
        assert {row["reference"] for row in rows} == {everything.reference}
        for row, values in zip(rows, told, strict=True):
            for key, value in values.items():
                cell = row[f"{key}_fr"] if isinstance(value, dict) else row[key]
                said = "; ".join(value) if isinstance(value, list) else value
                assert cell == (value["fr"] if isinstance(value, dict) else str(said)), (part.code, key)
    hosted, measured = dicts_of(archive["hosting.csv"])[0], dicts_of(archive["measures.csv"])[0]
    assert hosted["country"] == "quebec" and hosted["country_label"] == "Québec"
    assert measured["benefit"] in {row["id"] for row in dicts_of(archive["benefits.csv"])}
    (claim,) = dicts_of(archive["supplier_claims.csv"])
    solutions = {row["reference"]: row for row in dicts_of(archive["solution_facts.csv"])}
    solution = solutions[with_solution.reference]
    assert claim["reference"] == with_solution.reference and claim["claim_fr"].startswith("Neuf brouillons")
    assert claim["solution"] == solution["solution"] and solution["name_fr"] == "Assistant de rédaction"
    assert archive["dictionnaire.csv"] == visitor.get("/fr/donnees/dictionnaire.csv").content


def test_counts_of_the_systems_are_the_rows_of_the_other_tables(with_solution, everything, visitor):
    make_public_files(by=JOB)
    archive = archive_of(visitor)
    systems = dicts_of(archive["registre.csv"])
    for part in PARTS:
        assert sum(int(row[f"{part}_count"]) for row in systems) == len(dicts_of(archive[f"{part}.csv"])), part


@pytest.mark.parametrize("path", ["donnees/fichiers/registre.xlsx", "recherche/systemes.xlsx?sort=name"])
def test_a_workbook_has_the_same_tables_as_sheets(with_solution, everything, visitor, path):
    make_public_files(by=JOB)
    archive = archive_of(visitor)
    answer = visitor.get(f"/fr/{path}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    *sheets, _dictionary, _about = load_workbook(io.BytesIO(content)).worksheets
    assert len(sheets) == 1 + len(PARTS) + 2
    for sheet, name in zip(sheets, list(archive), strict=False):
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert sorted(rows) == sorted(rows_of(archive[name])), name


def test_a_withheld_system_has_no_row(everything, visitor):
    withhold_system(system=everything, ground="investigation", by=publisher_of(everything.organization))
    make_public_files(by=JOB)
    archive = archive_of(visitor)
    assert len(rows_of(archive["registre.csv"])) == 2
    assert all(len(rows_of(archive[f"{part}.csv"])) == 1 for part in PARTS)


def test_nothing_of_a_row_runs(everything):
    (document,) = documents_in_force()
    document["details"]["parts"]["hosting"][0]["operator"] = "=cmd()"
    assert "'=cmd()" in next(line for table, line in lines_of(document) if table == "hosting")


@pytest.mark.slow
def test_the_memory_of_the_archive_does_not_grow_with_the_register(everything):
    peaks = []
    for _round in range(2):
        copies(everything, 300)
        tracemalloc.start()
        with tempfile.TemporaryFile() as into, zipfile.ZipFile(into, "w") as archive:
            written = tables_archive.write_tables(archive, documents_in_force())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert written == 601 and peaks[1] < peaks[0] * 1.25


# --- What is fictitious -----------------------------------------------------------------------------------------------


@pytest.fixture
def fictitious(everything):
    body = everything.organization
    body.is_demonstration = True
    body.save()
    publish_body(organization=body, by=publisher_of(body))
    return published(body, reference="DÉMO-MPUB-0099")


def test_no_file_begins_with_a_sentence_and_each_says_what_is_fictitious(fictitious, visitor):
    for name, content in files_of(visitor, fictitious).items():
        rows = rows_of(content)
        assert len({len(row) for row in rows}) == 1 and len(rows[0]) > 1, name
        if name not in {"portrait.csv", "dictionnaire.csv"}:
            mark = rows[0].index("is_demonstration")
            assert {row[mark] for row in rows[1:]} <= {"true", "false"}, name
            found = [row for row in rows[1:] if fictitious.reference in row]
            assert all(row[mark] == "true" for row in found), name


def test_the_portrait_says_by_its_name_that_all_is_fictitious(fictitious, visitor, settings, tmp_path):
    make_public_files(by=JOB)
    answer = visitor.get("/fr/donnees/fichiers/portrait.csv")
    assert 'filename="demonstration-portrait.csv"' in answer.headers["Content-Disposition"]
    assert len(rows_of(b"".join(answer.streaming_content))) == 3
    settings.PUBLIC_FILES_FOLDER, settings.PUBLIC_FILES_ROUTE = tmp_path / "public", "/fichiers"
    make_public_files(by=JOB)
    moved = visitor.get("/fr/donnees/fichiers/portrait.csv").headers["Location"]
    assert moved.endswith("-demonstration-portrait.csv")
    assert (tmp_path / "public" / moved.removeprefix("/fichiers/")).is_file()


def test_beside_real_systems_the_portrait_leaves_fictitious_ones_out(fictitious, visitor):
    published(public_organization(sigle="VRAI"), name_fr="Un vrai système")
    make_public_files(by=JOB)
    answer = visitor.get("/fr/donnees/fichiers/portrait.csv")
    assert 'filename="portrait.csv"' in answer.headers["Content-Disposition"]
    rows = rows_of(b"".join(answer.streaming_content))
    assert rows[0] == list(HEADS) and "Un vrai système" in {row[0] for row in rows}
    assert fictitious.name_fr not in {row[0] for row in rows}


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        (Phase.PILOT, "Développement de la solution"),
        (Phase.REGULARIZING, "Solution en production"),
        (Phase.SUSPENDED, UNKNOWN),
        (Phase.RETIRED, UNKNOWN),
    ],
)
def test_the_portrait_has_three_statuses_and_no_other(public_body, visitor, phase, status):
    published(public_body, phase=phase)
    make_public_files(by=JOB)
    assert rows_of(whole(visitor, "portrait.csv"))[1][-1] == status
