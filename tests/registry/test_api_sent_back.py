"""A program sends back what it read: one answer alone, or every one of them, of a draft as of a declared system."""

from typing import Any

import pytest
from django.urls import reverse

from organizations.workflow import Scope
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, DataUse, PublicationRequest
from registry.models.parts import PART_MODELS
from registry.services.publication import answer_publication_request, publish_system
from registry.services.put_away import put_away_system
from registry.services.systems import begin_system
from tests.factories.publications import publisher_of
from tests.registry.api import Program, at, refused

pytestmark = pytest.mark.django_db
STATES = ["draft", "empty", "declared", "published", "put_away", "french_only", "after_another_rule"]


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def in_state(body, editor, whole_system):
    def put(state: str) -> AISystem:
        if state == "empty":
            return begin_system(organization=body, answers={"name_fr": "Tri"}, by=editor)
        if state == "draft":
            changes: dict[str, Any] = {"status": "draft", "reference": None, "declared_at": None, "declared_by": None}
            AISystem.objects.filter(pk=whole_system.pk).update(**changes)
        if state == "published":
            publish_system(system=whole_system, by=publisher_of(body))
        if state == "put_away":
            put_away_system(system=whole_system, reason="Projet abandonné.", by=editor)
        if state == "french_only":
            type(body).objects.filter(pk=body.pk).update(publishes_in_english=False)
        if state == "after_another_rule":
            AISystem.objects.filter(pk=whole_system.pk).update(contact_email="pas une adresse", affected=["staff"] * 2)
        whole_system.refresh_from_db()
        return whole_system

    return put


@pytest.mark.parametrize("state", STATES)
def test_every_answer_that_was_read_may_be_sent_back(program, in_state, state):
    address = at("system", in_state(state).uuid)
    read = program.get(address).json()["answers"]
    assert read.keys() == {field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)}
    whole = program.patch(address, read, If_Match="*")
    assert whole.status_code == 200, whole.content
    for code, value in read.items():
        alone = program.patch(address, {code: value}, If_Match="*")
        assert alone.status_code == 200, (code, alone.content)
        assert alone.json()["version"] == whole.json()["version"], code


@pytest.mark.parametrize("state", ["declared", "put_away", "french_only"])
def test_every_answer_of_a_row_that_was_read_may_be_sent_back(program, in_state, state):
    system = in_state(state)
    for part in PART_MODELS:
        (row,) = program.get(at("parts", system.uuid, part)).json()["results"]
        address, version = at("part", system.uuid, part, row["uuid"]), row["version"]
        for answers in (row["answers"], *({code: value} for code, value in row["answers"].items())):
            told = program.patch(address, answers, If_Match="*")
            assert told.status_code == 200 and told.json()["version"] == version, (part, answers, told.content)


@pytest.mark.parametrize("phase", ["pilot", "retired", "suspended", ""])
def test_the_phase_of_a_declared_system_leads_to_its_own_address(program, system, phase):
    program.language = "en"
    address = at("system", system.uuid)
    read = program.get(address).json()["answers"]
    assert read["phase"] not in {phase, ""}
    told = refused(program.patch(address, {**read, "phase": phase}, If_Match="*"), 422, "invalid")
    (error,) = told["errors"]
    assert error["field"] == "answers.phase" and at("phase", system.uuid) in error["detail"]
    assert program.get(address).json()["answers"] == read


def test_what_is_put_away_is_still_not_changed(program, in_state):
    system = in_state("put_away")
    sent = {"name_fr": "Autre nom"}
    refused(program.patch(at("system", system.uuid), sent, If_Match="*"), 409, "not-now")


def test_no_english_to_take_away_where_the_body_has_none(program, body):
    sent = {"name_fr": "Tri", "name_en": "", "summary_en": ""}
    type(body).objects.filter(pk=body.pk).update(publishes_in_english=False)
    assert program.post(at("systems"), {"body": body.sigle, "answers": sent}).status_code == 201


# --- A code that is sent twice --------------------------------------------------------------------------------------
def test_a_code_sent_twice_counts_once_and_the_record_is_published(editor, system):
    program = Program(editor, *Scope)
    address = at("system", system.uuid)
    first = program.patch(address, {"affected": ["public", "public", "staff"]}, If_Match='"1"')
    assert first.status_code == 200 and first.json()["answers"]["affected"] == ["public", "staff"]
    again = program.patch(address, {"affected": ["public", "public", "staff"]}, If_Match='"1"')
    assert again.status_code == 200 and again.json()["version"] == first.json()["version"], "sent twice, done once"
    sent = {"name_fr": "Dossiers", "roles": ["training", "training"]}
    row = program.post(at("parts", system.uuid, "datasets"), {"answers": sent})
    assert row.status_code == 201 and row.json()["answers"]["roles"] == ["training"]
    assert program.act(at("publish", system.uuid)).status_code == 201


def test_one_answer_that_excludes_the_others_sent_twice_is_still_alone(program, system):
    told = program.patch(at("system", system.uuid), {"affected": ["nobody", "nobody"]}, If_Match="*")
    assert told.status_code == 200 and told.json()["answers"]["affected"] == ["nobody"]


def test_a_box_sent_twice_by_a_page_counts_once(system, editor, as_user):
    client = as_user(editor)
    page = reverse("registry:section", args=[system.uuid, CATALOGUE.field("affected").section])
    client.post(page, {"version": 1, "affected": ["public", "public"]})
    page = reverse("registry:add_part", args=[system.uuid, "datasets"])
    client.post(page, {"name_fr": "Dossiers", "roles": ["training", "training"]})
    system.refresh_from_db()
    assert system.affected == ["public"] and DataUse.objects.get().roles == ["training"]


@pytest.mark.parametrize("second_look", ["impossible", "required"])
def test_what_was_stored_twice_before_is_published_once(body, system, editor, reviewer, second_look):
    """Answers, rows, and what waits for its second look already."""
    type(body).objects.filter(pk=body.pk).update(second_look=second_look, second_look_reason_fr="Une seule personne.")
    AISystem.objects.filter(pk=system.pk).update(affected=["public", "public"])
    stamps = {name: getattr(system, name) for name in ("created_at", "created_by", "updated_at", "updated_by")}
    DataUse.objects.create(system=system, name_fr="Dossiers", roles=["training", "training"], **stamps)
    made = publish_system(system=system, by=editor)
    if isinstance(made, PublicationRequest):
        made = answer_publication_request(request=made, move="approve", comment="", by=reviewer)
    assert made.document["system"]["affected"] == ["public"]
    assert made.document["details"]["parts"]["datasets"][0]["roles"] == ["training"]
