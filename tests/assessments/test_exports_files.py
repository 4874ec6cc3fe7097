"""The files of an assessment: opened by other libraries, they say the same answers."""

import csv
import io
import json
import zipfile

import docx
import openpyxl
import pytest
from django.utils.translation import override
from docx.oxml.ns import qn
from jsonschema import Draft202012Validator, FormatChecker

from assessments.exports.files import MEDIA_TYPES, file_name, made
from assessments.exports.json_document import SCHEMA_FILE
from assessments.exports.table import answers_csv
from assessments.exports.told import ToldComment, material_of, told_of
from assessments.exports.word import assessment_word
from assessments.exports.workbook import assessment_workbook
from assessments.models import Answer
from assessments.scoring.leaves import whole_of
from assessments.scoring.spreading import spread
from assessments.scoring.values import clean_flat
from assessments.services.beginning import begin_assessment
from assessments.services.submitting import submit_assessment
from core import clock
from tests.assessments.exported import EVERYTHING, SAID, begun, read

pytestmark = pytest.mark.django_db
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<w:p>&amp;</w:p> ]]> {{ told }} {% now %}",
    "@SUM(1+1)\tx",
    "&#x202e;<script>x</script>",
)


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


def file_of(assessment, kind) -> bytes:
    return made(material_of(assessment), kind, moment=clock.now())


def word_of(content: bytes):
    return docx.Document(io.BytesIO(content))


def word_texts(content: bytes) -> str:
    word = word_of(content)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def sheets_of(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def csv_lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def texts(content: bytes, kind: str) -> str:
    if kind == "docx":
        return word_texts(content)
    if kind == "xlsx":
        return "\n".join(str(cell) for rows in sheets_of(content).values() for row in rows for cell in row if cell)
    return content.decode()


# --- All of them ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_each_format_says_every_answer(whole, kind):
    said = texts(file_of(whole, kind), kind)
    # A day in the table of an Excel file is one that sorts; that of a question alone is in words.
    assert [words for words in SAID if words not in said and not (kind == "xlsx" and words == "1er juin 2027")] == []


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_nothing_answered_makes_a_file_too(system, editor, kind):
    assert file_of(begun(system, editor), kind)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_hostile_texts_stay_texts(system, editor, kind):
    answers = {"purpose": "\n".join(HOSTILE), "project_name": HOSTILE[0], "officer": {"function": HOSTILE[1]}}
    assessment = begun(system, editor, answers)
    Answer.objects.filter(assessment=assessment, question="wide_only").update(value="\x01\ufffe")
    content = file_of(assessment, kind)
    assert "<script>x</script>" in texts(content, kind)
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
    if kind == "csv":
        assert not [cell for line in csv_lines(content) for cell in line if cell.startswith(("=", "@"))]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_words_without_end_and_tables_of_two_hundred_rows(system, editor, kind):
    rows = [{"element": f"Renseignement {number}", "number": number} for number in range(200)]
    assessment = begun(system, editor, {"elements": rows, "project_name": "m" * 300})
    Answer.objects.create(
        assessment=assessment,
        question="purpose",
        value="x" * 10_000,
        version=2,
        updated_at=clock.now(),
        updated_by=editor,
    )
    said = texts(file_of(read(assessment), kind), kind)
    assert "x" * 10_000 in said and "m" * 300 in said and "Renseignement 199" in said


def test_names_of_files_are_ascii_and_say_what_they_are(whole, editor):
    moment = clock.now()
    name = file_name(material_of(whole), "docx", language="fr", moment=moment)
    assert name == f"exported-QC-MTEST-0900-brouillon-{clock.civil_date(moment)}.docx"
    whole.organization.is_demonstration, whole.system.reference = True, "DÉMO-MTEST-0001"
    assert "DEMO-MTEST-0001" in file_name(material_of(whole), "csv", language="en", moment=moment)
    submit_assessment(assessment=whole, by=editor)
    assert "-v1-" in file_name(material_of(read(whole)), "json", language="fr", moment=moment)


# --- Word -----------------------------------------------------------------------------------------------------------
def test_word_has_headings_tables_with_heads_and_a_language(whole):
    word = word_of(file_of(whole, "docx"))
    levels = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet"} <= levels
    heads = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert ["Le projet", "La protection"] == [head for head in heads if head.startswith("L")]
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"fr-CA"}
    told = word.core_properties
    assert told.title.startswith("Essai – ") and told.author == "Ministère des Essais" and told.language == "fr-CA"


def test_word_carries_open_comments_with_who_and_when(whole):
    moment = clock.now()
    said = [
        ToldComment("Collègue", moment, "Est-ce tout?"),
        ToldComment("Collègue", moment, "Réglé.", is_resolved=True),
    ]
    told = told_of(whole, comments={"purpose": said})
    (comment,) = word_of(assessment_word(told, moment=moment)).comments
    assert (comment.text, comment.author, comment.initials) == ("Est-ce tout?", "Collègue", "C")
    assert comment.timestamp is not None


def test_word_in_english_keeps_french_passages_french(whole):
    with override("en"):
        word = word_of(file_of(whole, "docx"))
    marked = [
        run.text
        for paragraph in word.paragraphs
        for run in paragraph.runs
        if run._r.rPr is not None
        and (lang := run._r.rPr.find(qn("w:lang"))) is not None
        and lang.get(qn("w:val")) == "fr-CA"
    ]
    assert "Répondre aux demandes." in marked and "The whole body" not in marked


def test_the_demonstration_is_on_each_page_and_in_the_properties(system, editor):
    system.organization.is_demonstration = True
    system.organization.save()
    assessment = begun(system, editor)
    word = word_of(file_of(assessment, "docx"))
    assert "DÉMO" in word.sections[0].header.paragraphs[0].text and "DÉMO" in word.core_properties.comments
    assert csv_lines(file_of(assessment, "csv"))[0][-1] == "Démonstration"


def test_word_is_the_same_whatever_the_length_of_a_name(whole):
    whole.system.name_fr = "Un nom " * 60
    whole.system.organization.name_fr = "Organisme " * 40
    assert word_texts(file_of(whole, "docx")).count("Un nom") >= 60


def test_word_is_well_formed_in_all_its_parts(whole):
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(file_of(whole, "docx"))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


# --- Excel and CSV --------------------------------------------------------------------------------------------------
def test_each_table_has_its_sheet_with_numbers_and_days_that_sort(whole):
    sheets = sheets_of(file_of(whole, "xlsx"))
    elements = next(rows for title, rows in sheets.items() if title.endswith("Quels renseignements"))
    assert elements[0][:3] == ["Renseignement", "Conservé jusqu'au", "Nombre"]
    assert elements[1][:3] == ["Nom", "2030-01-01", 1250.5]
    risks = next(rows for title, rows in sheets.items() if title.endswith("Quels sont les risques"))
    assert "Des dossiers de santé sont lus par le fournisseur." in risks[1]
    measures = next(rows for title, rows in sheets.items() if title.endswith("Quelles mesures"))
    assert [row[0] for row in measures[1:]] == ["Chiffrement des données", "Copies hors ligne"]


def test_two_long_labels_that_begin_alike_have_two_sheets(whole):
    titles = list(sheets_of(file_of(whole, "xlsx")))
    assert len(set(titles)) == len(titles) and all(len(title) <= 31 for title in titles)


def test_one_line_of_the_csv_is_one_thing_filled_in(whole, editor):
    head, *lines = csv_lines(answers_csv(told_of(whole)))
    assert all(len(line) == len(head) for line in lines)
    by_question = [line for line in lines if line[1] == "elements"]
    assert [(line[3], line[5], line[6]) for line in by_question if line[5] == "sensitive"] == [
        ("2", "sensitive", "Sensible")
    ]
    (people,) = [line for line in lines if line[1] == "people"]
    assert people[5] == "12500" and people[7] == editor.name and people[8] == str(clock.civil_date(clock.now()))
    (contract,) = [line for line in lines if line[1] == "contract"]
    assert contract[5] == contract[6] == ""  # asked, and not answered


def test_comments_have_a_sheet_only_where_there_are_some(whole):
    said = [ToldComment("Collègue", clock.now(), "Est-ce tout?")]
    with_some = sheets_of(assessment_workbook(told_of(whole, comments={"purpose": said})))
    assert len(with_some) == len(sheets_of(assessment_workbook(told_of(whole)))) + 1


# --- JSON -----------------------------------------------------------------------------------------------------------
def checked(content: bytes):
    document = json.loads(content)
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(document)
    return document


@pytest.mark.parametrize("answers", [{}, EVERYTHING])
def test_the_json_conforms_to_its_schema(system, editor, answers):
    assessment = begun(system, editor, answers)
    document = checked(file_of(assessment, "json"))
    assert document["questionnaire"] == {"name": "exported/1.0", "digest": assessment.version_asked.digest}
    assert set(document["answers"]) == set(answers) == set(document["given"])
    assert bool(document["missing"]) is not bool(answers)


def test_the_answers_of_the_json_come_back_as_they_were(whole):
    document, questionnaire = checked(file_of(whole, "json")), whole.questionnaire
    for code, value in document["answers"].items():
        question = questionnaire.question(code)
        flat = clean_flat(questionnaire, question, spread(question, value, seed="0000"))
        assert whole_of(question, flat) == value, code


def test_what_was_submitted_says_its_digest_and_the_facts_of_that_day(whole, editor):
    submission = submit_assessment(assessment=whole, by=editor)
    document = checked(file_of(read(whole), "json"))
    assert document["submission"]["digest"] == submission.digest and document["missing"] == []
    assert document["facts"] == submission.document["facts"] and document["answers"] == submission.document["answers"]


# --- The assessment of the law --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_privacy_assessment_makes_every_file(system, editor, language):
    assessment = read(begin_assessment(system=system, instrument="efvp", by=editor))
    with override(language):
        checked(file_of(assessment, "json"))
        said = word_texts(file_of(assessment, "docx"))
        assert [part.title for part in told_of(assessment).parts if part.title not in said] == []
        assert sheets_of(file_of(assessment, "xlsx")) and file_of(assessment, "csv")
