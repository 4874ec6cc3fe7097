"""Assessments made outside Vigie, deposited by a program: the form with its file, conditions, what is refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Assessment, DepositedAssessment
from core.models import AuditEvent, StoredFile
from core.models.audit import ActorKind
from organizations.workflow import Scope
from registry.models import AISystem
from tests.assessments.api import at
from tests.factories.files import EXE, PDF
from tests.registry.api import Program, refused, version_of

pytestmark = pytest.mark.django_db
SAID = {
    "instrument": "efvp",
    "done_on": "2025-05-04",
    "approved_by_function": "Direction générale",
    "residual_level": "low",
    "summary_fr": "Rien de grave.",
}


@pytest.fixture(autouse=True)
def store_of_files(settings, tmp_path):
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": where}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def deposit(program: Program, of: AISystem, /, *, content: bytes = PDF, key: str = "", **changes: Any) -> Any:
    headers = {"Authorization": f"Bearer {program.secret}", "Accept-Language": "fr"}
    headers |= {"Idempotency-Key": key} if key else {}
    sent = {**SAID, "system": str(of.uuid), "file": SimpleUploadedFile("efvp.pdf", content), **changes}
    form = {name: value for name, value in sent.items() if value is not None}
    return program.client.post(at("deposits"), form, headers=headers)


def test_an_assessment_is_deposited_read_and_withdrawn(program, system):
    made = deposit(program, system, next_review_on="2027-05-04")
    told, row = made.json(), DepositedAssessment.objects.get()
    assert made.status_code == 201 and {name: told[name] for name in SAID} == SAID
    assert (told["uuid"], told["digest"], told["next_review_on"]) == (str(row.uuid), row.file.sha256, "2027-05-04")
    assert AuditEvent.objects.get(verb="deposit_assessment").actor_kind == ActorKind.TOKEN
    assert program.get(f"{at('deposits')}?system={system.uuid}").json()["results"] == [told]
    assert program.get(at("deposit", row.uuid)).json() == told
    path, reason = at("withdraw_deposit", row.uuid), {"reason": "Le mauvais fichier."}
    refused(program.post(path, reason), 428, "condition-needed")
    refused(program.act(path, reason, If_Match='"0"'), 412, "stale")
    refused(program.act(path, {"reason": " "}), 422, "invalid")
    left = program.act(path, reason, If_Match=version_of(made))
    assert left.json()["withdrawn_reason"] == "Le mauvais fichier." and version_of(left) == '"2"'
    refused(program.act(path, reason), 409, "not-now")


def test_a_key_sent_twice_deposits_once(program, system):
    assert deposit(program, system, key="d").json() == deposit(program, system, key="d").json()
    refused(deposit(program, system, key="d", summary_fr="Autre."), 422, "key-reused")
    assert DepositedAssessment.objects.count() == 1


def test_a_deposit_is_gone_on_with_here(program, system):
    path = at("open_deposit", deposit(program, system).json()["uuid"])
    told = program.post(path, {}, Idempotency_Key="o")
    assert told.status_code == 201 and "Rien de grave." in told.json()["answers"].values()
    assert program.post(path, {}, Idempotency_Key="o").json() == told.json()
    refused(program.post(path), 409, "not-now")
    assert Assessment.objects.get().instrument == "efvp"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"system": None}, "system"),
        ({"system": "1"}, "system"),
        ({"instrument": "screening"}, "instrument"),
        ({"instrument": "nobody"}, "instrument"),
        ({"done_on": "hier"}, "done_on"),
        ({"done_on": "2999-01-01"}, "done_on"),
        ({"next_review_on": "2020-01-01"}, "next_review_on"),
        ({"approved_by_function": None}, "approved_by_function"),
        ({"residual_level": "nil"}, "residual_level"),
        ({"summary_fr": "x" * 3001}, "summary_fr"),
        ({"file": "efvp.pdf"}, "file"),
        ({"content": b""}, "file"),
        ({"content": EXE}, "file"),
        ({"more": "x"}, "more"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(program, system, changes, field):
    told = refused(deposit(program, system, **changes), 422, "invalid")
    assert field in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not DepositedAssessment.objects.exists() and not StoredFile.objects.exists()


def test_who_may_deposit_and_read(program, system, editor, authority, outsider):
    made = deposit(program, system).json()["uuid"]
    assert deposit(Program(outsider), system).status_code == 422
    refused(deposit(Program(authority), system), 403, "forbidden")
    refused(deposit(Program(editor, Scope.READ_ASSESSMENTS), system), 403, "narrow-token")
    refused(Program(outsider).get(at("deposit", made)), 404, "not-found")
    assert Program(outsider).get(at("deposits")).json()["count"] == 0
    for name in ("withdraw_deposit", "open_deposit"):
        refused(Program(outsider).act(at(name, made), {"reason": "x"}), 404, "not-found")
    refused(Program(authority).act(at("withdraw_deposit", made), {"reason": "x"}), 403, "forbidden")
    for asked in ("x", ""):
        refused(program.get(f"{at('deposits')}?system={asked}"), 400, "invalid-query")
