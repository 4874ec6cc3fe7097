"""The ledger and the histories: written with the act, complete on every path, altered by nobody."""

import hashlib
import json
from datetime import datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from core import audit
from core.audit import Guest, NamedJob, Visitor, record
from core.models import AuditEvent
from core.models.audit import ActorKind
from core.services.database_rights import append_only_tables
from organizations.models import Organization
from registry.models import AISystem
from registry.services.systems import begin_system
from tests.factories.organizations import OrganizationFactory
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
JOB = NamedJob("tests")
GUEST = Guest(ref="invitation", name="Soutien technique")
PROGRAM = settings.APPLICATION_DATABASE_ROLE
READ = "SELECT 1 FROM {} LIMIT 1"
TABLES = sorted(append_only_tables())
HISTORIES = [table for table in TABLES if table != AuditEvent._meta.db_table]


def run(sql: str, *, role: str = "") -> None:
    """One statement as the owner of the tables, or under a role; the caller's savepoint gives the role up."""
    with connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(sql)
        if role:
            cursor.execute("RESET ROLE")


def refused(sql: str, *, role: str = "") -> str:
    """What the database says when it refuses."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        run(sql, role=role)
    return str(refusal.value)


@pytest.fixture
def written(system, body, editor):
    """At least one row in the ledger and in several histories."""
    begin_system(organization=body, answers={"name_fr": "Tri"}, by=editor)


# --- Nobody alters what was written ---------------------------------------------------------------------------------
def test_the_tables_that_only_grow_are_known():
    assert "core_auditevent" in TABLES and "registry_aisystemevent" in HISTORIES and "reports_reportevent" in HISTORIES
    assert len(HISTORIES) >= 8


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}", "TRUNCATE {0} CASCADE"]
)
def test_the_program_may_not_even_try(table, statement):
    column = "id" if table == AuditEvent._meta.db_table else "pgh_id"
    assert "permission denied" in refused(statement.format(table, column), role=PROGRAM)


@pytest.mark.parametrize("table", TABLES)
def test_the_program_reads_and_the_public_does_not(table):
    reading = READ.format(table)
    run(reading, role=PROGRAM)
    assert "permission denied" in refused(reading, role=settings.PUBLIC_DATABASE_ROLE)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET verb = 'other'", "DELETE FROM core_auditevent"])
def test_a_trigger_refuses_the_owner_to_alter_the_ledger(statement):
    assert "pgtrigger: Cannot update or delete rows from core_auditevent" in refused(statement)


@pytest.mark.parametrize("table", [*TABLES, "registry_publication"])
def test_a_trigger_refuses_the_owner_to_empty_what_is_for_ever(table):
    assert f"the table {table} is never emptied" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", HISTORIES)
def test_a_trigger_refuses_the_owner_to_alter_a_history(table):
    """A row is needed for a row trigger to speak: one is written past the tracking of its model."""
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_append_only%%'"
    with connection.cursor() as cursor:
        cursor.execute(triggers, [table])
        assert cursor.fetchone()[0] == 1


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    "statement", ["UPDATE registry_aisystemevent SET name_fr = 'Autre'", "DELETE FROM registry_aisystemevent"]
)
def test_the_trigger_of_a_history_speaks(statement):
    assert "Cannot update or delete rows from registry_aisystemevent" in refused(statement)


# --- Every way of writing is kept -----------------------------------------------------------------------------------
def history_of(thing):
    events = AISystem.pgh_event_models["insert"]
    return list(events.objects.filter(pgh_obj_id=thing.pk).order_by("pgh_id").values_list("pgh_label", "name_fr"))


def fields_of(body, editor, number):
    built = SystemFactory.build(organization=body, created_by=editor, updated_by=editor, declared_by=editor)
    built.reference = f"QC-MTEST-8{number:03d}"
    return built


def by_create(system, body, editor):
    new = fields_of(body, editor, 1)
    new.save()
    return new, [("insert", new.name_fr)]


def by_save(system, body, editor):
    system.name_fr = "Enregistré"
    system.save()
    return system, [("update", "Enregistré")]


def by_queryset_update(system, body, editor):
    AISystem.objects.filter(pk=system.pk).update(name_fr="En lot")
    return system, [("update", "En lot")]


def by_bulk_create(system, body, editor):
    new, _other = AISystem.objects.bulk_create([fields_of(body, editor, 2), fields_of(body, editor, 3)])
    return new, [("insert", new.name_fr)]


def by_bulk_update(system, body, editor):
    system.name_fr = "En lot aussi"
    AISystem.objects.bulk_update([system], ["name_fr"])
    return system, [("update", "En lot aussi")]


def by_raw_sql(system, body, editor):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_aisystem SET name_fr = 'À la main' WHERE id = %s", [system.pk])
    return system, [("update", "À la main")]


def by_delete(system, body, editor):
    key = system.pk
    system.delete()
    system.pk = key
    return system, [("delete", system.name_fr)]


def by_queryset_delete(system, body, editor):
    AISystem.objects.filter(pk=system.pk).delete()
    return system, [("delete", system.name_fr)]


@pytest.mark.parametrize(
    "write",
    [
        by_create,
        by_save,
        by_queryset_update,
        by_bulk_create,
        by_bulk_update,
        by_raw_sql,
        by_delete,
        by_queryset_delete,
    ],
)
def test_each_of_the_eight_ways_of_writing_is_kept(system, body, editor, write):
    before = history_of(system)
    assert [label for label, _name in before] == ["insert"]
    thing, kept = write(system, body, editor)
    expected = kept if thing is not system else before + kept
    assert history_of(thing) == expected


def test_a_write_that_changes_nothing_adds_nothing(system):
    system.save()
    assert [label for label, _name in history_of(system)] == ["insert"]


def test_secrets_stay_out_of_the_history(editor):
    columns = {field.name for field in type(editor).pgh_event_models["insert"]._meta.fields}
    assert "language" in columns and not {"password", "last_login", "name", "email"} & columns


# --- The event is part of the act -----------------------------------------------------------------------------------
def test_an_act_that_is_undone_leaves_neither_write_nor_event(body, editor):
    with pytest.raises(ValueError), transaction.atomic():
        begin_system(organization=body, answers={"name_fr": "Tri"}, by=editor)
        assert AuditEvent.objects.filter(verb="begin").count() == 1
        raise ValueError
    assert not AuditEvent.objects.filter(verb="begin").exists() and not AISystem.objects.exists()
    assert not AISystem.pgh_event_models["insert"].objects.exists()


def test_when_the_event_cannot_be_written_the_act_is_undone(body, editor, monkeypatch):
    monkeypatch.setattr(audit, "commitment", lambda event: None)
    with pytest.raises(DatabaseError):
        begin_system(organization=body, answers={"name_fr": "Tri"}, by=editor)
    assert not AISystem.objects.exists()


def test_an_event_outside_a_transaction_is_a_fault(body, monkeypatch):
    monkeypatch.setattr(audit, "connection", type("Outside", (), {"in_atomic_block": False}))
    with pytest.raises(RuntimeError):
        record(by=JOB, verb="test", thing=body)


def test_an_event_has_an_actor_and_a_verb(body):
    for actor, verb in ((NamedJob(""), "test"), (JOB, "")):
        with pytest.raises(DatabaseError), transaction.atomic():
            record(by=actor, verb=verb, thing=body)


@pytest.mark.parametrize(
    ("actor", "kind"), [(JOB, ActorKind.JOB), (Visitor(), ActorKind.VISITOR), (GUEST, ActorKind.GUEST)]
)
def test_the_actor_is_named_by_kind(body, actor, kind):
    event = record(by=actor, verb="test", thing=body)
    assert (event.actor_kind, bool(event.actor_ref)) == (kind, True)


# --- The commitment proves the facts --------------------------------------------------------------------------------
def digest_by_hand(event: AuditEvent) -> bytes:
    """What a verifier who has never seen our code computes from the row."""
    told = {
        "at": event.at.isoformat(),
        "actor": [event.actor_kind, event.actor_ref],
        "verb": event.verb,
        "object": [event.object_type, event.object_ref],
        "organization": str(event.organization_uuid or ""),
        "facts": event.facts,
    }
    words = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes(event.salt) + words.encode("utf-8")).digest()


@pytest.mark.parametrize(
    "facts", [{}, {"number": 3, "kind": "sheet"}, {"é": ["à", 1.5, None, True], "z": {"b": 1, "a": 2}}]
)
def test_the_commitment_is_recomputed_from_the_stored_row(body, facts):
    made = record(by=JOB, verb="test", thing=body, organization=body, facts=facts)
    stored = AuditEvent.objects.get(pk=made.pk)
    assert isinstance(stored.at, datetime)
    assert bytes(stored.commitment) == digest_by_hand(stored) == audit.commitment(stored)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "other"),
        ("actor_ref", "somebody"),
        ("facts", {"number": 4}),
        ("object_ref", "x"),
        ("organization_uuid", None),
        ("salt", b"0" * 16),
    ],
)
def test_one_changed_fact_breaks_the_commitment(body, column, value):
    made = record(by=JOB, verb="test", thing=body, organization=body, facts={"number": 3})
    stored = AuditEvent.objects.get(pk=made.pk)
    setattr(stored, column, value)
    assert digest_by_hand(stored) != bytes(stored.commitment)


def test_two_equal_acts_have_two_salts(body):
    first, second = (record(by=JOB, verb="test", thing=body) for _time in range(2))
    assert bytes(first.salt) != bytes(second.salt) and bytes(first.commitment) != bytes(second.commitment)


def test_bodies_keep_their_history_too():
    body = OrganizationFactory(sigle="HIST", name_fr="Avant")
    Organization.objects.filter(pk=body.pk).update(name_fr="Après")
    events = Organization.pgh_event_models["insert"].objects.filter(pgh_obj_id=body.pk).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "name_fr")) == [("insert", "Avant"), ("update", "Après")]
