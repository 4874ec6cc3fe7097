"""An assessment taken away as a file by a program: every format, what the ledger keeps, what is refused."""

import hashlib
import io
import json
import zipfile

import pytest

from assessments.exports.files import MEDIA_TYPES
from assessments.services.submitting import submit_assessment
from core.models import AuditEvent
from core.models.audit import ActorKind
from organizations.workflow import Scope
from tests.assessments.api import at
from tests.assessments.exported import EVERYTHING, SAID, answer, begun, read
from tests.assessments.test_views_counts import asked
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db
QUEBEC = {"-05:00", "-04:00"}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def whole(system, editor):
    return begun(system, editor, EVERYTHING)


def taken(assessment, kind: str = "", **more: str) -> str:
    given = {**({"format": kind} if kind else {}), **more}
    return f"{at('export', assessment.uuid)}?{'&'.join(f'{name}={value}' for name, value in given.items())}"


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_each_file_is_an_attachment_told_to_the_ledger_as_taken_by_the_token(program, whole, kind):
    answer = program.get(taken(whole, kind), Accept="application/octet-stream")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, MEDIA_TYPES[kind])
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="exported-QC-MTEST-0900-')
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.get(verb="export")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))
    assert event.facts["format"] == kind and event.facts["digest"] == hashlib.sha256(answer.content).hexdigest()


def test_without_a_format_it_is_the_json_of_ours(program, whole):
    told = program.get(at("export", whole.uuid)).json()
    assert told["format"] == "assessment.v1" and told["answers"]["project_name"] == "Guichet des demandes"


def test_the_html_is_a_whole_document_that_says_every_answer(program, whole):
    text = program.get(taken(whole, "html")).content.decode()
    assert text.lstrip().startswith("<!DOCTYPE html>") and '<html lang="fr-CA">' in text
    assert [words for words in SAID if words.replace("'", "&#x27;") not in text] == []
    assert "<script" not in text and "/static/" not in text and text.count("<h1") == 1
    english = Program(whole.created_by, language="en").get(taken(whole, "html")).content.decode()
    assert '<html lang="en-CA">' in english and "What are the purposes?" in english


def test_what_was_typed_stays_text(program, system, editor):
    text = program.get(taken(begun(system, editor, {"purpose": "<script>alert(1)</script>"}), "html")).content.decode()
    assert "<script>" not in text and "&lt;script&gt;" in text


def test_office_files_are_what_they_say(program, whole):
    for kind, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        with zipfile.ZipFile(io.BytesIO(program.get(taken(whole, kind)).content)) as package:
            assert part in package.namelist()


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_what_the_reader_has_is_not_taken_again(program, whole, editor, kind):
    tag = program.get(taken(whole, kind)).headers["ETag"]
    again = program.get(taken(whole, kind), If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert AuditEvent.objects.filter(verb="export").count() == 1
    answer(whole, {"purpose": "Autre chose."}, editor)
    assert program.get(taken(whole, kind), If_None_Match=tag).status_code == 200


def test_each_format_has_its_own_etag_and_a_comment_moves_that_of_word(program, whole, editor):
    tags = {kind: program.get(taken(whole, kind)).headers["ETag"] for kind in MEDIA_TYPES}
    assert len(set(tags.values())) == len(tags)
    sent = {"question": "purpose", "text": "Est-ce tout?"}
    assert program.post(at("threads", whole.uuid), sent).status_code == 201
    moved = {kind for kind, tag in tags.items() if program.get(taken(whole, kind)).headers["ETag"] != tag}
    assert moved == {"docx", "xlsx"}


def test_head_says_the_etag_and_takes_nothing(program, whole):
    head = program.send("HEAD", taken(whole, "docx"), "")
    assert head.status_code == 200 and head.content == b"" and head.headers["Content-Type"] == MEDIA_TYPES["docx"]
    assert head.headers["ETag"] == program.get(taken(whole, "docx")).headers["ETag"]
    assert AuditEvent.objects.filter(verb="export").count() == 1


def test_a_version_is_what_was_submitted_then(program, whole, editor):
    submit_assessment(assessment=whole, by=editor)
    type(whole).objects.filter(pk=whole.pk).update(state="draft")
    answer(read(whole), {"purpose": "Tout autre chose."}, editor)
    first = json.loads(program.get(taken(whole, version="1")).content)
    assert first["answers"]["purpose"] == EVERYTHING["purpose"] and first["submission"]["number"] == 1
    assert program.get(taken(whole)).json()["answers"]["purpose"] == "Tout autre chose."
    told = refused(program.get(taken(whole, version="99")), 404, "not-found")["detail"]
    english = refused(Program(editor, language="en").get(taken(whole, version="99")), 404, "not-found")["detail"]
    assert told and english == "Version 99 of this assessment does not exist. Those that were submitted: 1."
    assert {first["submission"]["at"][-6:]} == {given["at"][-6:] for given in first["given"].values()} <= QUEBEC


def test_of_a_draft_no_version_is_there(whole, editor):
    told = refused(Program(editor, language="en").get(taken(whole, version="1")), 404, "not-found")["detail"]
    assert told == "Nothing was submitted yet: ask without “version” for the assessment as it stands."


def test_moments_have_the_offset_that_the_api_answers(program, whole):
    read_, given = program.get(at("assessment", whole.uuid)).json(), program.get(taken(whole)).json()["given"]
    assert given and {one["at"][-6:] for one in given.values()} == {read_["updated_at"][-6:]} <= QUEBEC


@pytest.mark.parametrize("query", ["format=pdf", "format=", "format=CSV", "version=0", "version=x", "version=²"])
def test_what_is_not_known_is_refused_by_one_sentence(program, whole, query):
    told = refused(program.get(f"{at('export', whole.uuid)}?{query}"), 400, "invalid-query")
    name, _is, value = query.partition("=")
    assert told["parameter"] == name and (name == "version" or told["allowed"] == list(MEDIA_TYPES))
    assert name == "version" or all(kind in told["detail"] for kind in ("docx", value))
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_who_may_not_see_it_takes_nothing(whole, outsider, reader, editor):
    for someone in (outsider, reader):
        refused(Program(someone).get(taken(whole, "docx")), 404, "not-found")
    narrow = Program(editor, Scope.WRITE_ASSESSMENTS, Scope.READ_SYSTEMS)
    assert refused(narrow.get(taken(whole, "csv")), 403, "narrow-token")["scope"] == "read_assessments"
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_files_cost_the_same_queries_whatever_is_answered(program, system, editor):
    assessment = begun(system, editor)

    def costs() -> list[int]:
        return [len(asked(lambda kind=kind: program.get(taken(assessment, kind)))) for kind in MEDIA_TYPES]

    costs()
    before = costs()
    answer(assessment, EVERYTHING, editor)
    assert costs() == before and max(before) <= 20, before
