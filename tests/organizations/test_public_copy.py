"""What the public knows of a body, read under the role that sees two tables and nothing else."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.db import ProgrammingError, connection, transaction

from core.models import AuditEvent
from organizations.models import Organization, PublicBody
from organizations.public import body_facts, public_bodies, public_body
from organizations.services.public_copy import keep_old_name, publish_body
from tests.factories.organizations import OrganizationFactory

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "registry" / "publication.v1.schema.json").read_text())


@pytest.fixture
def as_public(db, settings):
    """Everything in the test from here on runs as public pages do."""

    def become():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {settings.PUBLIC_DATABASE_ROLE}")

    yield become
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def body_schema():
    return {**SCHEMA["properties"]["body"], "$defs": SCHEMA["$defs"]}


@pytest.mark.parametrize(
    "traits", [{}, {"town": True}, {"unreachable": True}, {"name_en": "Ministry"}, {"website": "https://x.example"}]
)
def test_facts_conform_to_the_publication_document(db, traits):
    organization = OrganizationFactory(sigle="FAITS", **traits)

    class System:
        pass

    system = System()
    system.organization = organization
    facts = body_facts(system)
    assert facts.section == "body"
    jsonschema.validate(facts.as_json(), body_schema())
    assert facts.as_json()["slug"] == "faits"


def test_an_empty_contact_is_left_out(db):
    assert "phone" not in body_facts(type("S", (), {"organization": OrganizationFactory(unreachable=True)})).as_json()


def test_publishing_again_without_a_change_leaves_no_trace(operator, body):
    publish_body(organization=body, by=operator)
    publish_body(organization=body, by=operator)
    assert AuditEvent.objects.filter(verb="publish_body").count() == 1


def test_public_pages_read_bodies_under_their_role(operator, published, as_public):
    other = OrganizationFactory(sigle="ECOLE", name_fr="École des essais", parent=published)
    keep_old_name(
        body=publish_body(organization=other, by=operator), sigle="VIEUX", name_fr="Vieille école", until="2020-01-01"
    )
    as_public()
    assert [page.facts.sigle for page in public_bodies()] == ["ECOLE", "MTEST"]
    page = public_body("ecole")
    assert (page.parent_slug, page.closed_on, page.is_demonstration) == ("mtest", None, False)
    assert page.kind_label and page.regime_labels
    assert public_body("VIEUX").slug == "ecole"
    assert public_body("inconnu") is None


def test_that_role_sees_no_sheet(published, as_public):
    as_public()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Organization.objects.order_by("pk").first()


def test_reading_all_bodies_takes_two_queries(operator, django_assert_num_queries):
    for number in range(5):
        publish_body(organization=OrganizationFactory(sigle=f"LOT{number}"), by=operator)
    with django_assert_num_queries(2):
        public_bodies()


def test_the_copy_holds_no_internal_field(published):
    document = PublicBody.objects.get(organization=published).document
    assert not {"employees", "second_look", "second_look_reason_fr", "next_number", "uuid"} & set(document)


def test_the_reason_of_no_second_look_is_public_while_it_holds(operator):
    body = OrganizationFactory(sigle="SEUL", second_look="impossible", second_look_reason_fr="Une seule personne.")
    assert publish_body(organization=body, by=operator).document["no_second_look_reason"] == "Une seule personne."
    body.second_look = "recommended"
    assert publish_body(organization=body, by=operator).document["no_second_look_reason"] == ""


def test_a_copy_of_before_is_read(published):
    copy = PublicBody.objects.get(organization=published)
    del copy.document["no_second_look_reason"]
    copy.save()
    assert public_body(copy.slug).no_second_look_reason == ""
