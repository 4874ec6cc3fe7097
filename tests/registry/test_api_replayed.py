"""Every write of the API of staff, sent again with its key: answered as the first time, whatever was written since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from core.models import AuditEvent
from core.rest.conditions import expected_version
from registry.api.urls import urlpatterns
from registry.models import AISystem, PhaseChange, Publication, SystemPart
from registry.services.parts import add_part, save_part
from registry.services.systems import save_answers
from registry.workflow import Status
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, at, refused

pytestmark = pytest.mark.django_db
SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}


@dataclass(frozen=True)
class World:
    system: AISystem
    draft: AISystem
    row: SystemPart


Sent = tuple[str, dict[str, Any]]
# Each write with an address and something to send that is right.
WRITES: dict[tuple[str, str], Callable[[World], Sent]] = {
    ("systems", "POST"): lambda w: (at("systems"), {"body": "MTEST", "answers": {"name_fr": "Nouveau"}}),
    ("system", "PATCH"): lambda w: (at("system", w.system.uuid), {"answers": {"need_fr": "Du programme."}}),
    ("declare", "POST"): lambda w: (at("declare", w.draft.uuid), {}),
    ("publish", "POST"): lambda w: (at("publish", w.system.uuid), {}),
    ("parts", "POST"): lambda w: (at("parts", w.system.uuid, "hosting"), {"answers": SITE}),
    ("part", "PATCH"): lambda w: (_row_of(w), {"answers": {"place_fr": "Lévis"}}),
    ("part", "DELETE"): lambda w: (_row_of(w), {}),
    ("phase", "POST"): lambda w: (at("phase", w.system.uuid), {"to": "suspended", "reason": "Une panne"}),
    ("field_visibility", "PUT"): lambda w: (
        at("field_visibility", w.system.uuid, "risks_fr"),
        {"visibility": "internal", "reason": "Une enquête."},
    ),
}
# What is made has no version yet.
WITHOUT_CONDITION = {("systems", "POST"), ("parts", "POST")}


def _row_of(world: World) -> str:
    return at("part", world.system.uuid, "hosting", world.row.uuid)


@pytest.fixture
def world(body, system, editor) -> World:
    never = {"status": Status.DRAFT, "reference": None, "declared_at": None, "declared_by": None}
    draft = SystemFactory(organization=body, created_by=editor, phase="regularizing", started_on="2025-02-03", **never)
    return World(system, draft, add_part(system=system, part="hosting", answers=SITE, by=editor))


def read_again(world: World) -> None:
    for each in (world.system, world.draft):
        each.refresh_from_db()


def somebody_writes(world: World, editor: Any) -> None:
    """To the systems and to the row, over what the program wrote too."""
    read_again(world)
    for each in (world.system, world.draft):
        words = {"need_fr": "D'une autre personne."}
        save_answers(system=each, answers=words, version=each.version, by=editor)
    row = type(world.row).objects.filter(pk=world.row.pk).first()
    if row:
        save_part(row=row, part="hosting", answers={"place_fr": "Gatineau"}, version=row.version, by=editor)


def test_every_write_is_tried_here():
    writing = {"post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}
    known = {
        (pattern.name, method)
        for pattern in urlpatterns
        for name, method in writing.items()
        if hasattr(pattern.callback.cls, name)
    }
    assert known == WRITES.keys()


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_the_first_answer_comes_before_any_condition(world, editor, write):
    program, (path, data) = Program(editor), WRITES[write](world)
    read_again(world)
    version = {"part": world.row, "declare": world.draft}.get(write[0], world.system).version
    headers = {"Idempotency_Key": "lot-1", "If_Match": f'"{version}"'}
    first = program.send(write[1], path, data, **headers)
    assert first.status_code in {200, 201, 204}, first.content
    somebody_writes(world, editor)
    told = AuditEvent.objects.count()
    again = program.send(write[1], path, data, **headers)
    assert again.status_code == first.status_code, again.content
    assert AuditEvent.objects.count() == told


@pytest.mark.parametrize("write", sorted(WRITES.keys() - {("declare", "POST"), ("part", "DELETE")}), ids=" ".join)
def test_a_key_is_of_one_request(world, editor, write):
    program, (path, data) = Program(editor), WRITES[write](world)
    read_again(world)
    sent = {"Idempotency_Key": "lot-1", "If_Match": "*"}
    assert program.send(write[1], path, data, **sent).status_code in {200, 201}
    other = {**data, "answers": {"name_fr": "Autre"}} if "answers" in data else {**data, "reason": "x"}
    refused(program.send(write[1], path, other, **sent), 422, "key-reused")


@pytest.mark.parametrize("write", sorted(WRITES.keys() - WITHOUT_CONDITION), ids=" ".join)
def test_what_is_stale_the_first_time_writes_nothing_and_leaves_its_key_free(world, editor, write):
    program, (path, data) = Program(editor), WRITES[write](world)
    somebody_writes(world, editor)
    refused(program.send(write[1], path, data, Idempotency_Key="lot-1", If_Match='"1"'), 412, "stale")
    again = program.send(write[1], path, data, Idempotency_Key="lot-1", If_Match="*")
    assert again.status_code in {200, 201, 204}


@pytest.mark.parametrize("write", sorted(WRITES.keys() - WITHOUT_CONDITION), ids=" ".join)
def test_a_change_says_which_version_it_is_based_on(world, editor, write):
    program, (path, data) = Program(editor), WRITES[write](world)
    refused(program.send(write[1], path, data), 428, "condition-needed")
    without_end = f'"{"1" * 5_000}"'
    refused(program.send(write[1], path, data, If_Match=without_end), 412, "stale")


@pytest.mark.parametrize("write", sorted(WRITES.keys() - WITHOUT_CONDITION), ids=" ".join)
def test_the_version_is_compared_under_the_lock(world, editor, write, monkeypatch):
    """Somebody writes after the condition was read, before the service has its lock."""

    def read_then_written(request: Any, current: int) -> int:
        version = expected_version(request, current)
        somebody_writes(world, editor)
        return version

    for module in ("systems", "parts", "phase", "publication", "visibility"):
        monkeypatch.setattr(f"registry.api.{module}.expected_version", read_then_written)
    program, (path, data) = Program(editor), WRITES[write](world)
    read_again(world)
    version = {"part": world.row, "declare": world.draft}.get(write[0], world.system).version
    told = refused(program.send(write[1], path, data, If_Match=f'"{version}"'), 412, "stale")
    assert told["current"] != f'"{version}"' and told["detail"]
    assert not Publication.objects.exists() and not PhaseChange.objects.exists()
    world.draft.refresh_from_db()
    assert not world.draft.is_declared


def test_who_may_write_no_longer_is_not_answered_again(world, editor):
    program, (path, data) = Program(editor), WRITES["publish", "POST"](world)
    assert program.act(path, data, Idempotency_Key="lot-1").status_code == 201
    editor.memberships.all().delete()
    assert program.act(path, data, Idempotency_Key="lot-1").status_code in {401, 404}
