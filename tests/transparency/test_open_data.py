"""Open data: dictionary, corrections, one system, one search, the whole register made by a job."""

import csv
import html
import io
import json
import zipfile
from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from core.audit import NamedJob
from core.models import Intent, StoredFile
from registry.field_catalogue import CATALOGUE
from registry.models import PublicFile
from registry.public.open_data import documents
from registry.public.open_data.flat import columns
from registry.public.search.query import SystemSearch
from registry.rules.withholding import GROUNDS
from registry.services import public_files
from registry.services.public_files import TASK, ask_public_files, make_public_files
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from registry.standards.portrait import HEADS
from tests.factories.publications import copies, public_organization, published, published_again, publisher_of
from tests.transparency.conftest import page_of

JOB = NamedJob("test")


def withdraw(system) -> None:
    withdraw_publication(system=system, reason="Une erreur.", by=publisher_of(system.organization))


def withhold(system) -> None:
    withhold_system(system=system, ground=next(iter(GROUNDS)), note="Loi.", by=publisher_of(system.organization))


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def whole(visitor, name: str) -> bytes:
    answer = visitor.get(f"/fr/donnees/fichiers/{name}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_the_dictionary_has_every_field_that_may_be_public(db, visitor):
    page = page_of(visitor, "/fr/donnees/dictionnaire/")
    rows = table(visitor.get("/fr/donnees/dictionnaire.csv"))
    told = json.loads(visitor.get("/fr/donnees/dictionnaire.json").content)
    keys = {(field["part"] or "", field["field"]) for field in told["fields"]}
    for field in CATALOGUE.fields:
        key = field.code.removesuffix("_fr")
        assert (("", key) in keys) == field.may_be_public, key
        assert (f'id="{key}"' in page) == field.may_be_public
    assert ("hosting", "operator_country") in keys and ("adverse_events", "cause") not in keys
    assert {row[3] for row in rows[1:]} == {key for _part, key in keys} | {""}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_dictionary_defines_a_field_by_its_question_and_names_the_instruction(db, visitor, language):
    field = CATALOGUE.field("need_fr")
    page = html.unescape(page_of(visitor, f"/{language}/donnees/dictionnaire/"))
    asked = {"fr": "Question posée à l'organisme\xa0: ", "en": "Question put to the body: "}[language]
    assert asked + field.question[language] in page
    assert f"{field.help[language]}</p>" in page and f">{field.help[language]}" not in page, "named before it is told"
    head, *rows = table(visitor.get(f"/{language}/donnees/dictionnaire.csv"))
    told = {(row[0], row[2]): dict(zip(head, row, strict=True)) for row in rows}
    row = told["systems", f"need_{language}"]
    assert row[f"help_{language}"] == asked + field.question[language]
    assert row[f"instruction_{language}"] == field.help[language]
    assert told["systems", "kind"][f"instruction_{language}"] == ""
    (one,) = [
        each
        for each in json.loads(visitor.get(f"/{language}/donnees/dictionnaire.json").content)["fields"]
        if each["field"] == "need" and not each["part"]
    ]
    assert one["question"] == dict(field.question) and one["instruction"] == dict(field.help) and "help" not in one


def test_a_system_as_a_table_has_its_answers_and_its_rows(everything, visitor):
    rows = table(visitor.get(f"/fr/systemes/{everything.reference}/v/1.csv"))
    assert rows[0] == "section part row field label language value words is_demonstration".split()
    values = {(row[1], row[3]): row[6] for row in rows[1:]}
    assert values["", "need"] == everything.need_fr and values["hosting", "country"] == "quebec"
    assert ("", "security") not in values and ("", "model_name") not in values
    book = load_workbook(io.BytesIO(visitor.get(f"/fr/systemes/{everything.reference}/v/1.xlsx").content))
    assert book.active.max_row == len(rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_withdrawn_version_is_gone_as_a_table_too(sheet, visitor, kind):
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(sheet.organization))
    assert visitor.get(f"/fr/systemes/{sheet.reference}/v/1.{kind}").status_code == 410
    assert visitor.get(f"/fr/systemes/{sheet.reference}/v/2.{kind}").status_code == 200


def test_a_search_as_a_file_obeys_words_and_filters(sheet, everything, visitor):
    published(public_organization(sigle="AUTRE"), name_fr="Repérage de nids-de-poule", summary_fr="Photos.")
    rows = table(visitor.get("/fr/recherche/systemes.csv?body=mpub"))
    assert rows[0] == columns() and {row[0] for row in rows[1:]} == {sheet.reference, everything.reference}
    told = dict(zip(rows[0], next(row for row in rows if row[0] == everything.reference), strict=True))
    assert told["phase"] == everything.phase and told["phase_label"] and told["need_fr"] == everything.need_fr
    assert (told["hosting_count"], told["departs_from_principle_4"]) == ("1", "true")
    data = json.loads(visitor.get("/fr/recherche/systemes.json?q=nids").content)
    assert data["licence"] == "CC BY 4.0" and [each["body"]["sigle"] for each in data["systems"]] == ["AUTRE"]
    book = load_workbook(io.BytesIO(visitor.get("/fr/recherche/systemes.xlsx?phase=rien").content))
    assert book.active.max_row == 1


def test_a_long_list_is_cut_and_says_so(sheet, visitor, monkeypatch):
    copies(sheet, 7)
    monkeypatch.setattr(documents, "MOST_SYSTEMS", 6)
    monkeypatch.setattr(documents, "CHUNK", 3)
    answer = visitor.get("/en/recherche/systemes.csv")
    assert len(table(answer)) == 1 + 6 and "-premiers.csv" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(visitor.get("/en/recherche/systemes.xlsx").content))
    assert "systems only" in str(list(book.worksheets[-1].values))
    assert json.loads(visitor.get("/en/recherche/systemes.json").content)["is_cut"] is True


def test_a_file_of_a_search_reads_by_chunks(sheet, visitor):
    found = []
    for _round in range(2):
        copies(sheet, 20)
        with CaptureQueriesContext(connection) as queries:
            table(visitor.get("/fr/recherche/systemes.csv"))
        found.append(len(queries))
    assert found[0] == found[1] <= 12


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_nothing_runs_in_a_spreadsheet(public_body, visitor, start):
    system = published(public_body, name_fr=f"{start}cmd()", need_fr=f"{start}cmd()", benefit_fr=f"{start}cmd()")
    make_public_files(by=JOB)
    files = [
        visitor.get("/fr/recherche/systemes.csv").content,
        visitor.get(f"/fr/systemes/{system.reference}/v/1.csv").content,
        whole(visitor, "portrait.csv"),
    ]
    for content in files:
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        assert any("cmd()" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_whole_register_is_made_by_a_job_and_served_as_it_is(sheet, everything, visitor):
    assert visitor.get("/fr/donnees/fichiers/registre.csv.zip").status_code == 404
    assert "not made yet" in page_of(visitor, "/en/donnees/")
    withhold_system(system=everything, ground="investigation", by=publisher_of(sheet.organization))
    made = make_public_files(by=JOB)
    assert [(file.name, file.systems) for file in made] == [
        ("registre.json.zip", 2), ("registre.csv.zip", 2), ("registre.xlsx", 2), ("portrait.csv", 1),
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(whole(visitor, "registre.json.zip"))) as archive:
        told = [json.loads(line) for line in archive.read("registre.jsonl").splitlines()]
    assert [each["reference"] for each in told] == [sheet.reference, everything.reference]
    with zipfile.ZipFile(io.BytesIO(whole(visitor, "registre.csv.zip"))) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("registre.csv").decode("utf-8-sig"))))
    assert rows[0] == columns() and len(rows) == 3
    assert everything.name_fr not in str(rows)
    page = page_of(visitor, "/en/donnees/")
    assert all(file.sha256 in page for file in made)


def test_the_portrait_has_its_six_columns_and_says_it_is_not_checked(db, visitor):
    ministry = public_organization(sigle="MIN", name_fr="Ministère du Portefeuille")
    agency = public_organization(sigle="AGENCE", name_fr="Agence d'essai", parent=ministry)
    published(agency, name_fr="Tri", category="decision_support", benefit_fr="Plus vite.")
    make_public_files(by=JOB)
    rows = list(csv.reader(io.StringIO(whole(visitor, "portrait.csv").decode("utf-8-sig"))))
    assert rows[0] == list(HEADS)
    assert rows[1] == [
        "Tri", "Aide à la décision, planification et/ou prédiction", "Agence d'essai", "Ministère du Portefeuille",
        "Plus vite.", "Solution en production",
    ]  # fmt: skip


def test_files_made_again_replace_those_before(sheet):
    make_public_files(by=JOB)
    before = {file.name: file.stored_id for file in PublicFile.objects.all()}
    published_again(sheet, need_fr="Autre chose.")
    make_public_files(by=JOB)
    assert PublicFile.objects.count() == 4
    assert not StoredFile.objects.filter(pk__in=before.values()).exclude(content="").exists()


def test_a_folder_of_the_web_server_gives_them_without_a_thread_of_the_site(sheet, visitor, settings, tmp_path):
    settings.PUBLIC_FILES_FOLDER, settings.PUBLIC_FILES_ROUTE = tmp_path / "public", "/fichiers"
    make_public_files(by=JOB)
    answer = visitor.get("/fr/donnees/fichiers/portrait.csv")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/fichiers/")
    copy = tmp_path / "public" / answer.headers["Location"].removeprefix("/fichiers/")
    assert copy.read_bytes().startswith("\ufeff".encode())
    copy.unlink()
    assert whole(visitor, "portrait.csv"), "a copy that is missing stops nothing"


@pytest.mark.parametrize("take_back", [withdraw, withhold])
def test_what_is_taken_from_the_public_is_in_no_file_from_that_moment(sheet, visitor, settings, tmp_path, take_back):
    """The rows go with the act, the copies of the web server as soon as the job begins; then there are files again."""
    settings.PUBLIC_FILES_FOLDER, settings.PUBLIC_FILES_ROUTE = tmp_path / "public", "/fichiers"
    other = published(sheet.organization, name_fr="Autre système")
    make_public_files(by=JOB)
    asked = Intent.objects.count()
    take_back(sheet)
    assert not PublicFile.objects.exists() and not StoredFile.objects.exclude(content="").exists()
    assert visitor.get("/fr/donnees/fichiers/portrait.csv").status_code == 404
    assert "ne sont pas encore faits" in page_of(visitor, "/fr/donnees/")
    job = Intent.objects.order_by("-pk").first()
    assert Intent.objects.count() == asked + 1 and job.task == TASK and job.due_at <= clock.now()
    make_public_files(by=JOB)
    copies_there = list((tmp_path / "public").iterdir())
    assert len(copies_there) == 4
    settings.PUBLIC_FILES_ROUTE = ""
    told = zipfile.ZipFile(io.BytesIO(whole(visitor, "registre.json.zip"))).read("registre.jsonl").decode()
    assert other.reference in told and sheet.name_fr not in told


def test_files_begun_before_a_withdrawal_are_not_kept(sheet, monkeypatch):
    """The act does not wait for them; the job that it asked for makes others."""
    making = public_files._make_all

    def meanwhile(by):
        made = making(by)
        withdraw(sheet)
        return made

    monkeypatch.setattr(public_files, "_make_all", meanwhile)
    assert make_public_files(by=JOB) == []
    assert not PublicFile.objects.exists()


def test_publications_of_the_same_half_hour_ask_for_one_job(sheet):
    before = Intent.objects.filter(task="registry.tasks.make_public_files").count()
    now = clock.now().replace(minute=10, second=0, microsecond=0)
    for minutes in (0, 5, 19, 20):
        moment = now + timedelta(days=1, minutes=minutes)
        with mock.patch("registry.services.public_files.clock.now", return_value=moment):
            ask_public_files()
    assert Intent.objects.filter(task="registry.tasks.make_public_files").count() == before + 2
    assert before == 2, "publishing asks for it: at once the first time, then with what else the half-hour brings"
    assert "registry.tasks.make_public_files" in django_settings.DAILY_JOBS


def test_corrections_tell_notes_and_withdrawals(sheet, everything, visitor):
    published_again(sheet, note="Le besoin est plus clair.", need_fr="Un autre besoin.")
    published_again(everything, note="On ne nomme plus Untel.", need_fr="Un autre besoin.")
    withdraw_publication(system=everything, reason="Une erreur.", by=publisher_of(sheet.organization))
    page = page_of(visitor, "/en/donnees/corrections/")
    assert "Le besoin est plus clair." in page and "Une erreur." in page
    assert "Untel" not in page, "of a withdrawn sheet, earlier notes are not told again"
    assert f"/en/systemes/{sheet.reference}/differences/?a=2&de=1" in page


def test_no_correction_yet_teaches(sheet, visitor):
    assert "No correction yet" in page_of(visitor, "/en/donnees/corrections/")
    with CaptureQueriesContext(connection) as queries:
        page_of(visitor, "/en/donnees/corrections/?page=999")
    assert len(queries) <= 8


def test_the_page_names_the_licence_and_whom_to_ask(db, visitor, settings):
    settings.MEDIA_CONTACT = "medias@organisme.example"
    page = page_of(visitor, "/fr/donnees/")
    assert "medias@organisme.example" in page and "CC BY 4.0" in page
    settings.MEDIA_CONTACT = ""
    assert "medias@" not in page_of(visitor, "/fr/donnees/")


def test_documents_come_in_the_order_of_names(sheet, everything):
    found = documents.documents_of(SystemSearch(order="recent"))
    assert [each["reference"] for each in found.documents()] == sorted(
        [sheet.reference, everything.reference], key=lambda number: number != everything.reference
    )
