"""Files of answers joined and taken off by a program: forms, keys, faults told in one sentence, nothing half kept."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import Assessment, Evidence
from assessments.services.evidence import add_evidence
from core.models import AuditEvent, StoredFile
from core.models.audit import ActorKind
from organizations.workflow import Scope
from tests.assessments.api import at, fill, stored
from tests.factories.files import EXE, PDF, TEXT, hostile, sound
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db
HOSTILE = hostile()
TWICE = b'--b\r\nContent-Disposition: form-data; name="question"\r\n\r\nx\r\n' * 2 + b"--b--\r\n"


@pytest.fixture(autouse=True)
def store_of_files(settings, tmp_path):
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": where}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def join(
    program: Program, assessment: Assessment, *, content: bytes = PDF, name: str = "avis.pdf", **given: Any
) -> Any:
    headers = {"Authorization": f"Bearer {program.secret}", "Accept-Language": "fr"}
    if key := given.pop("key", ""):
        headers["Idempotency-Key"] = key
    form = {"question": "notice", "file": SimpleUploadedFile(name, content), **given}
    return program.client.post(at("files", assessment.uuid), form, headers=headers)


def test_a_file_is_joined_listed_and_taken_off(program, assessment):
    told = join(program, assessment, note="Page 3").json()
    made = Evidence.objects.get()
    assert (told["uuid"], told["name"], told["question"], told["note"]) == (
        str(made.uuid),
        "avis.pdf",
        "notice",
        "Page 3",
    )
    assert (told["size"], told["digest"], told["media_type"]) == (len(PDF), made.file.sha256, "application/pdf")
    assert stored(assessment) == {"notice": {"files": [str(made.uuid)]}}
    event = AuditEvent.objects.get(verb="add_evidence")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))
    assert program.get(at("files", assessment.uuid)).json()["results"] == [told]
    path = at("file", assessment.uuid, made.uuid)
    refused(program.send("DELETE", path), 428, "condition-needed")
    refused(program.send("DELETE", path, If_Match='"1"'), 412, "stale")
    assert program.send("DELETE", path, If_Match='"2"').status_code == 204
    assert program.get(at("files", assessment.uuid)).json()["count"] == 0 and stored(assessment) == {}
    refused(program.send("DELETE", path, If_Match="*"), 409, "not-now")


def test_an_answer_sent_whole_keeps_its_files(program, assessment):
    file = join(program, assessment).json()["uuid"]
    told = fill(program, assessment, {"notice": {"text": "Avis favorable."}}).json()["answers"]["notice"]
    assert told == {"text": "Avis favorable.", "files": [file]}


def test_a_key_sent_twice_joins_once(program, assessment):
    first, again = join(program, assessment, key="f"), join(program, assessment, key="f")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    refused(join(program, assessment, key="f", content=TEXT, name="avis.txt"), 422, "key-reused")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": "name"}, "file"),
        ({"question": "nobody"}, "file"),
        ({"question": "x" * 41}, "question"),
        ({"question": ""}, "question"),
        ({"note": "x" * 301}, "note"),
        ({"file": "avis.pdf"}, "file"),
        ({"more": "x"}, "more"),
        ({"content": b""}, "file"),
        ({"content": EXE, "name": "avis.pdf"}, "file"),
        ({"content": PDF, "name": "avis.docx"}, "file"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(program, assessment, given, field):
    told = refused(join(program, assessment, **given), 422, "invalid")
    assert field in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not Evidence.objects.exists() and not StoredFile.objects.exists() and stored(assessment) == {}


def test_no_hostile_file_comes_in_by_this_door(program, assessment):
    for kind, (name, content) in HOSTILE.items():
        answer = join(program, assessment, content=content, name=name)
        assert answer.status_code in {400, 422}, (kind, answer.status_code)
    assert not StoredFile.objects.exists()


def test_a_file_too_large_is_told_by_its_limit(program, assessment, settings):
    settings.UPLOAD_LIMIT = 1_000_000
    told = refused(join(program, assessment, content=PDF + b"\n" * 1_000_000), 422, "invalid")
    assert "1\u00a0M" in told["detail"].replace(" ", "\u00a0")
    told = refused(join(program, assessment, content=PDF + b"\n" * 3_000_000), 413, "too-large")
    assert "1\u00a0M" in told["detail"].replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("content_type", "content", "status", "code"),
    [
        ("application/json", b"{}", 415, "media-type"),
        ("multipart/form-data", b"x", 400, "malformed"),
        ("multipart/form-data; boundary=b", b"", 422, "invalid"),
        ("multipart/form-data; boundary=b", TWICE, 400, "malformed"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_told(program, assessment, content_type, content, status, code):
    headers = {"Authorization": f"Bearer {program.secret}"}
    path = at("files", assessment.uuid)
    refused(program.client.post(path, content, content_type=content_type, headers=headers), status, code)


def test_a_form_is_sent_from_a_session_with_its_token_only(assessment, editor, settings):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    form = {"question": "notice", "file": SimpleUploadedFile("avis.pdf", PDF)}
    refused(client.post(at("files", assessment.uuid), form), 403, "forbidden")
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    form["file"] = SimpleUploadedFile("avis.pdf", PDF)
    assert client.post(at("files", assessment.uuid), form, headers={"X-CSRFToken": "a" * 32}).status_code == 201


def test_who_may_join_and_take_off(program, assessment, editor, authority, outsider):
    made = add_evidence(assessment=assessment, question="notice", content=PDF, name="a.pdf", by=editor)
    refused(join(Program(outsider), assessment), 404, "not-found")
    refused(join(Program(authority), assessment), 403, "forbidden")
    assert refused(join(Program(editor, Scope.READ_ASSESSMENTS), assessment), 403, "narrow-token")
    path = at("file", assessment.uuid, made.uuid)
    refused(Program(authority).send("DELETE", path, If_Match="*"), 403, "forbidden")
    refused(Program(outsider).send("DELETE", path, If_Match="*"), 404, "not-found")
    refused(program.send("DELETE", at("file", assessment.uuid, uuid.uuid4()), If_Match="*"), 404, "not-found")


def test_every_sound_kind_comes_in(program, assessment):
    for name, content in list(sound().items())[:15]:
        assert join(program, assessment, content=content, name=name).status_code == 201, name
