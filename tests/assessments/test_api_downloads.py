"""Files that people brought, taken by a program: of an answer, of what was deposited."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assessments.services.deposits import deposit_assessment, withdraw_deposit
from assessments.services.evidence import add_evidence, remove_evidence
from core.models import AuditEvent, StoredFile
from core.models.audit import ActorKind
from organizations.workflow import Scope
from tests.assessments.api import at
from tests.factories.files import PDF, TEXT
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_of_files(settings, tmp_path) -> Path:
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": where}
    return tmp_path


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def evidence(assessment, editor) -> Any:
    return add_evidence(assessment=assessment, question="notice", content=TEXT, name="avis été.txt", by=editor)


@pytest.fixture
def deposit(system, assessment, editor) -> Any:
    return deposit_assessment(
        system=system,
        instrument="every_kind",
        content=PDF,
        name="efvp.pdf",
        done_on=date(2025, 5, 4),
        approved_by_function="Direction",
        residual_level="low",
        summary_fr="Rien de grave.",
        by=editor,
    )


@pytest.fixture
def files(evidence, deposit) -> list[tuple[str, StoredFile, bytes]]:
    """Address, row, content."""
    return [
        (at("evidence_file", evidence.assessment.uuid, evidence.uuid), evidence.file, TEXT),
        (at("deposit_file", deposit.uuid), deposit.file, PDF),
    ]


def test_each_is_an_attachment_told_to_the_ledger_as_taken_by_the_token(program, files):
    for path, stored, content in files:
        answer = program.get(path, Accept=stored.media_type)
        assert (answer.status_code, answer.getvalue()) == (200, content)
        assert answer.headers["Content-Type"] == stored.media_type and answer.headers["ETag"] == f'"{stored.sha256}"'
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, no-store"
    told = AuditEvent.objects.filter(verb="download").order_by("id")
    assert [event.facts["digest"] for event in told] == [stored.sha256 for _path, stored, _content in files]
    assert {(event.actor_kind, event.actor_ref) for event in told} == {(ActorKind.TOKEN, str(program.token.uuid))}


def test_what_the_reader_has_and_what_head_asks_are_taken_by_nobody(program, files):
    for path, stored, _content in files:
        again = program.get(path, If_None_Match=f'"{stored.sha256}"')
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", f'"{stored.sha256}"')
        head = program.send("HEAD", path, "")
        assert (head.status_code, head.getvalue(), head.headers["Content-Type"]) == (200, b"", stored.media_type)
    assert not AuditEvent.objects.filter(verb="download").exists()


def test_what_was_taken_off_or_withdrawn_is_still_read(program, files, evidence, deposit, editor):
    remove_evidence(evidence=evidence, by=editor)
    withdraw_deposit(deposit=deposit, reason="Le mauvais.", by=editor)
    for path, _stored, content in files:
        assert program.get(path).getvalue() == content


def test_who_may_not_see_it_takes_nothing(files, evidence, deposit, assessment, outsider, reader, editor):
    for path, _stored, _content in files:
        for somebody in (outsider, reader):
            refused(Program(somebody).get(path), 404, "not-found")
        narrow = Program(editor, Scope.WRITE_ASSESSMENTS, Scope.READ_SYSTEMS)
        assert refused(narrow.get(path), 403, "narrow-token")["scope"] == "read_assessments"
    mixed = at("evidence_file", assessment.uuid, deposit.uuid), at("deposit_file", evidence.uuid)
    for path in mixed:
        refused(Program(editor).get(path), 404, "not-found")
    assert not AuditEvent.objects.filter(verb="download").exists()


def test_a_file_that_is_gone_from_the_store_says_so(program, files, store_of_files):
    for one in store_of_files.rglob("*"):
        if one.is_file():
            one.unlink()
    for path, _stored, _content in files:
        refused(program.get(path), 409, "not-now")
        assert program.send("HEAD", path, "").status_code == 409
    assert not AuditEvent.objects.filter(verb="download").exists()
