"""Many systems enter the register together, under the rules of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from core.services import NotAllowed, NotPossibleNow
from organizations.workflow import Role, SecondLook
from registry.models import AISystem, Publication, PublicRecord
from registry.services.documents import digest_of
from registry.services.entering import enter_systems
from registry.services.publication import publish_system
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def drafts(body, editor, number, **values):
    unset = {"status": "draft", "reference": None, "declared_at": None, "declared_by": None}
    return [SystemFactory(organization=body, created_by=editor, **unset, **values) for _each in range(number)]


def test_they_are_declared_numbered_in_order_and_published(body, editor):
    found = drafts(body, editor, 3)
    assert enter_systems(organization=body, systems=found, publishes=True, by=editor) == 3
    assert list(AISystem.objects.order_by("pk").values_list("reference", "status", "version")) == [
        (f"QC-{body.sigle}-000{number}", "declared", 2) for number in (1, 2, 3)
    ]
    assert PublicRecord.objects.count() == 3
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["declare"] * 3 + ["publish"] * 3
    body.refresh_from_db()
    assert body.next_number == 4


def test_the_same_document_as_one_by_one(body, editor):
    one, other = drafts(body, editor, 2, name_fr="Tri des permis")
    enter_systems(organization=body, systems=[one], publishes=True, by=editor)
    other.status, other.reference = "declared", "QC-MTEST-0999"
    other.declared_at, other.declared_by = other.created_at, editor
    other.save()
    single = publish_system(system=other, by=editor)
    together = Publication.objects.get(system=one)
    same = {**together.document, "reference": single.reference}
    assert same == single.document
    assert together.digest == digest_of(together.document)
    first, second = PublicRecord.objects.order_by("pk").values("search_fr", "sort_key", "kind", "phase")
    assert (first["sort_key"], first["kind"], first["phase"]) == (second["sort_key"], second["kind"], second["phase"])


def test_what_is_not_complete_stays_a_draft(body, editor):
    [whole] = drafts(body, editor, 1)
    [bare] = drafts(body, editor, 1, benefit_fr="")
    assert enter_systems(organization=body, systems=[whole, bare], publishes=True, by=editor) == 1
    bare.refresh_from_db()
    assert bare.status == "draft" and bare.reference is None


def test_a_body_that_requires_a_second_look_declares_and_publishes_nothing(body, editor):
    body.second_look = SecondLook.REQUIRED
    body.save()
    found = drafts(body, editor, 2)
    assert enter_systems(organization=body, systems=found, publishes=True, by=editor) == 2
    assert not Publication.objects.exists()


def test_systems_of_another_body_are_passed_over(body, editor, other_body):
    found = drafts(other_body, editor, 1)
    assert enter_systems(organization=body, systems=found, publishes=True, by=editor) == 0


def test_who_may_not_and_a_closed_body(body, editor):
    found = drafts(body, editor, 1)
    with pytest.raises(NotAllowed):
        enter_systems(organization=body, systems=found, publishes=True, by=person(body, Role.READER))
    body.closed_on = body.created_at if hasattr(body, "created_at") else "2026-01-01"
    body.save()
    with pytest.raises(NotPossibleNow):
        enter_systems(organization=body, systems=found, publishes=True, by=editor)


def test_the_queries_do_not_grow_with_the_rows(body, editor):
    enter_systems(organization=body, systems=drafts(body, editor, 1), publishes=True, by=editor)
    few, many = drafts(body, editor, 3), drafts(body, editor, 30)
    with CaptureQueriesContext(connection) as first:
        enter_systems(organization=body, systems=few, publishes=True, by=editor)
    with CaptureQueriesContext(connection) as later:
        enter_systems(organization=body, systems=many, publishes=True, by=editor)
    assert len(later) == len(first)
