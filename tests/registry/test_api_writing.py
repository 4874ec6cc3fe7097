"""Systems written by a program: conditions, keys that make an act happen once, refusals that name the field."""

import uuid

import pytest

from core.models import AuditEvent, CreationKey
from core.models.audit import ActorKind
from organizations.models import Organization
from organizations.workflow import Role, Scope, SecondLook
from registry.models import AISystem, Publication
from registry.services.systems import begin_system, save_answers
from tests.factories.organizations import person
from tests.registry.api import Program, at, refused, version_of

pytestmark = pytest.mark.django_db
NAME = {"name_fr": "Tri des demandes"}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def draft(body, editor) -> AISystem:
    return begin_system(organization=body, answers=NAME, by=editor)


# --- Opening a draft ------------------------------------------------------------------------------------------------
def test_a_draft_is_opened_by_the_token(program, editor):
    answer = program.post(
        at("systems"), {"body": "MTEST", "answers": {**NAME, "phase": "pilot", "affected": ["staff"]}}
    )
    system = AISystem.objects.get()
    assert answer.status_code == 201 and answer.json()["uuid"] == str(system.uuid)
    assert version_of(answer) == '"1"'
    assert (system.created_by, system.phase, system.affected) == (editor, "pilot", ["staff"])
    event = AuditEvent.objects.get(verb="begin")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"answers": NAME}, "body"),
        ({"body": "MTEST"}, "answers"),
        ({"body": "INCONNU", "answers": NAME}, "body"),
        ({"body": "AUTRE", "answers": NAME}, "body"),
        ({"body": ["MTEST"], "answers": NAME}, "body"),
        ({"body": "MTEST", "answers": []}, "answers"),
        ({"body": "MTEST", "answers": {}}, "name_fr"),
        ({"body": "MTEST", "answers": {"name_fr": ""}}, "answers.name_fr"),
        ({"body": "MTEST", "answers": {"name_fr": 3}}, "answers.name_fr"),
        ({"body": "MTEST", "answers": {"name_fr": "x" * 201}}, "answers.name_fr"),
        ({"body": "MTEST", "answers": {"name_fr": "a\0b"}}, "answers.name_fr"),
        ({"body": "MTEST", "answers": {**NAME, "phase": "in_service"}}, "answers.phase"),
        ({"body": "MTEST", "answers": {**NAME, "phase": "volant"}}, "answers.phase"),
        ({"body": "MTEST", "answers": {**NAME, "phase": None}}, "answers.phase"),
        ({"body": "MTEST", "answers": {**NAME, "affected": "staff"}}, "answers.affected"),
        ({"body": "MTEST", "answers": {**NAME, "affected": ["staff", "tous"]}}, "answers.affected.1"),
        ({"body": "MTEST", "answers": {**NAME, "affected": ["staff", "nobody"]}}, "answers.affected"),
        ({"body": "MTEST", "answers": {**NAME, "started_on": "2999-01-01"}}, "answers.started_on"),
        ({"body": "MTEST", "answers": {**NAME, "started_on": "hier"}}, "answers.started_on"),
        ({"body": "MTEST", "answers": {**NAME, "contract_amount": "12"}}, "answers.contract_amount"),
        ({"body": "MTEST", "answers": {**NAME, "contract_amount": 1.5}}, "answers.contract_amount"),
        ({"body": "MTEST", "answers": {**NAME, "contract_amount": True}}, "answers.contract_amount"),
        ({"body": "MTEST", "answers": {**NAME, "contract_amount": -1}}, "answers.contract_amount"),
        ({"body": "MTEST", "answers": {**NAME, "contract_amount": 2**31}}, "answers.contract_amount"),
        ({"body": "MTEST", "answers": {**NAME, "service_url": "javascript:alert(1)"}}, "answers.service_url"),
        ({"body": "MTEST", "answers": {**NAME, "ended_on": "2999-01-01"}}, "answers.ended_on"),
        ({"body": "MTEST", "answers": {**NAME, "contact_email": "pas une adresse"}}, "answers.contact_email"),
        ({"body": "MTEST", "answers": {**NAME, "name_en": "Sorting"}}, "answers.name_en"),
        ({"body": "MTEST", "answers": {**NAME, "status": "declared"}}, "answers.status"),
        ({"body": "MTEST", "answers": {**NAME, "organization__sigle": "X"}}, "answers.organization__sigle"),
        ({"body": "MTEST", "answers": NAME, "reference": "QC-MTEST-0001"}, "reference"),
    ],
)
def test_what_is_wrong_is_told_by_its_path_and_nothing_is_written(program, outsider, sent, field):
    told = refused(program.post(at("systems"), sent), 422, "invalid")
    assert field in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not AISystem.objects.exists()


def test_who_may_not_declare_in_a_body_is_told_so(body):
    refused(
        Program(person(body, Role.READER)).post(at("systems"), {"body": "MTEST", "answers": NAME}), 403, "forbidden"
    )


def test_emojis_and_accents_are_kept(program):
    name = "Tri 🦉 des démarches d'été – « essai »"
    assert program.post(at("systems"), {"body": "MTEST", "answers": {"name_fr": name}}).status_code == 201
    assert AISystem.objects.get().name_fr == name


# --- Once -----------------------------------------------------------------------------------------------------------
def test_a_key_sent_twice_opens_one_draft(program):
    sent = {"body": "MTEST", "answers": NAME}
    first = program.post(at("systems"), sent, Idempotency_Key="lot-1")
    again = program.post(at("systems"), sent, Idempotency_Key="lot-1")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    assert program.post(at("systems"), sent, Idempotency_Key="lot-2").json() != first.json()
    assert AISystem.objects.count() == 2


def test_a_key_with_another_body_is_refused(program):
    program.post(at("systems"), {"body": "MTEST", "answers": NAME}, Idempotency_Key="lot-1")
    other = {"body": "MTEST", "answers": {"name_fr": "Autre"}}
    refused(program.post(at("systems"), other, Idempotency_Key="lot-1"), 422, "key-reused")
    assert AISystem.objects.count() == 1


def test_a_refused_request_leaves_its_key_free(program):
    wrong = {"body": "MTEST", "answers": {}}
    refused(program.post(at("systems"), wrong, Idempotency_Key="lot-1"), 422, "invalid")
    assert not CreationKey.objects.exists()
    right = {"body": "MTEST", "answers": NAME}
    assert program.post(at("systems"), right, Idempotency_Key="lot-1").status_code == 201


def test_the_key_of_another_is_another_key(program, body):
    sent = {"body": "MTEST", "answers": NAME}
    program.post(at("systems"), sent, Idempotency_Key="lot-1")
    assert Program(person(body, Role.AI_LEAD)).post(at("systems"), sent, Idempotency_Key="lot-1").status_code == 201
    assert AISystem.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256])
def test_a_key_that_is_none_is_told(program, key):
    sent = {"body": "MTEST", "answers": NAME}
    refused(program.post(at("systems"), sent, Idempotency_Key=key), 400, "malformed")


# --- Changing -------------------------------------------------------------------------------------------------------
def test_answers_are_changed_from_the_version_that_was_read(program, draft, editor):
    answer = program.patch(at("system", draft.uuid), {"need_fr": "Les demandes attendaient."}, If_Match='"1"')
    draft.refresh_from_db()
    assert answer.status_code == 200 and version_of(answer) == '"2"' and draft.version == 2
    assert (draft.need_fr, draft.updated_by) == ("Les demandes attendaient.", editor)


def test_numbers_dates_and_addresses_come_back_as_they_were_sent(program, draft):
    sent = {"contract_amount": 125_000, "service_url": "https://organisme.example/aide", "started_on": "2025-02-03"}
    told = program.patch(at("system", draft.uuid), sent, If_Match="*").json()["answers"]
    assert {code: told[code] for code in sent} == sent
    emptied = {"contract_amount": None, "service_url": "", "started_on": None}
    told = program.patch(at("system", draft.uuid), emptied, If_Match="*").json()["answers"]
    assert {code: told[code] for code in sent} == emptied


def test_the_same_change_twice_changes_once(program, draft):
    for _each in range(2):
        answer = program.patch(at("system", draft.uuid), {"need_fr": " Un  besoin. "}, If_Match='"1"')
        assert answer.status_code == 200 and version_of(answer) == '"2"'


def test_a_change_without_its_version_is_refused(program, draft):
    refused(program.patch(at("system", draft.uuid), {"need_fr": "x"}), 428, "condition-needed")


@pytest.mark.parametrize("tag", ["", "1", "x", ","])
def test_a_condition_that_is_none_is_told(program, draft, tag):
    refused(program.patch(at("system", draft.uuid), {"need_fr": "x"}, If_Match=tag), 400, "malformed")


def test_a_stale_change_shows_both_texts_and_writes_nothing(program, draft, editor):
    save_answers(system=draft, answers={"need_fr": "D'une autre personne."}, version=1, by=editor)
    sent = {"need_fr": "Du programme.", "benefit_fr": "Deux jours."}
    told = refused(program.patch(at("system", draft.uuid), sent, If_Match='"1"'), 412, "stale")
    conflicts = {one["field"]: (one["stored"], one["sent"]) for one in told["conflicts"]}
    assert conflicts == {"need_fr": ("D'une autre personne.", "Du programme."), "benefit_fr": ("", "Deux jours.")}
    assert told["current"] == '"2"'
    draft.refresh_from_db()
    assert (draft.need_fr, draft.benefit_fr) == ("D'une autre personne.", "")
    assert program.patch(at("system", draft.uuid), sent, If_Match=told["current"]).status_code == 200


def test_a_weak_tag_is_told_to_be_weak(program, draft):
    told = refused(program.patch(at("system", draft.uuid), {"need_fr": "y"}, If_Match='W/"1"'), 412, "weak-tag")
    assert "W/" in told["detail"]
    assert program.patch(at("system", draft.uuid), {"need_fr": "y"}, If_Match='W/"1", "1"').status_code == 200


@pytest.mark.parametrize("tag", ['"0"', '"99"', '"vieux"', '"1", "0"'])
def test_a_tag_that_is_not_the_current_one_is_stale(program, draft, editor, tag):
    save_answers(system=draft, answers={"need_fr": "x"}, version=1, by=editor)
    refused(program.patch(at("system", draft.uuid), {"need_fr": "y"}, If_Match=tag), 412, "stale")


def test_any_version_may_be_accepted(program, draft):
    assert program.patch(at("system", draft.uuid), {"need_fr": "x"}, If_Match="*").status_code == 200
    assert program.patch(at("system", draft.uuid), {"need_fr": "y"}, If_Match='"1", "2"').status_code == 200


def test_a_declared_system_keeps_its_answers(program, system):
    sent = {"summary_fr": ""}
    told = refused(program.patch(at("system", system.uuid), sent, If_Match=f'"{system.version}"'), 422, "invalid")
    assert told["errors"][0]["field"] == "answers.summary_fr"


def test_who_may_only_read_changes_nothing(body, system):
    reader = Program(person(body, Role.READER))
    refused(reader.patch(at("system", system.uuid), {"need_fr": "x"}, If_Match="*"), 403, "forbidden")
    refused(reader.act(at("declare", system.uuid)), 403, "forbidden")
    refused(reader.act(at("publish", system.uuid), {"change_note": "x"}), 403, "forbidden")


def test_the_system_of_another_body_is_not_found(outsider, system):
    program = Program(outsider)
    refused(program.patch(at("system", system.uuid), {"need_fr": "x"}, If_Match="*"), 404, "not-found")
    refused(program.act(at("declare", system.uuid)), 404, "not-found")
    refused(program.act(at("publish", system.uuid)), 404, "not-found")


# --- Declaring, publishing ------------------------------------------------------------------------------------------
def complete(program: Program, draft: AISystem) -> None:
    answers = {
        "summary_fr": "Classe les demandes.",
        "need_fr": "Elles attendaient.",
        "unit_fr": "Direction des essais",
        "contact_email": "info@organisme.example",
        "phase": "regularizing",
        "affected": ["service_users"],
        "autonomy": "recommends",
        "personal_information": "no",
        "data_description_fr": "Le texte des demandes.",
        "category": "decision_support",
        "benefit_fr": "Deux jours.",
        "origin": "own",
        "started_on": "2025-02-03",
    }
    answer = program.patch(at("system", draft.uuid), answers, If_Match="*")
    assert answer.status_code == 200 and answer.json()["missing"] == []


def test_a_draft_is_declared_once_its_answers_are_there(program, draft):
    told = refused(program.act(at("declare", draft.uuid)), 422, "invalid")
    assert told["errors"][0]["field"] == "summary_fr"
    complete(program, draft)
    first = program.act(at("declare", draft.uuid), Idempotency_Key="d")
    again = program.act(at("declare", draft.uuid), Idempotency_Key="d")
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert first.json()["reference"].startswith("QC-MTEST-")
    refused(program.act(at("declare", draft.uuid)), 409, "not-now")


def test_a_declaration_takes_no_member(program, draft):
    refused(program.act(at("declare", draft.uuid), {"reference": "QC-MTEST-0001"}), 422, "invalid")


def test_a_system_is_published_by_the_token(program, system):
    first = program.act(at("publish", system.uuid), Idempotency_Key="p")
    assert first.status_code == 201 and first.json()["number"] == 1
    assert program.act(at("publish", system.uuid), Idempotency_Key="p").json() == first.json()
    assert program.client.get(first.json()["url"]).json()["digest"] == first.json()["digest"]
    assert Publication.objects.count() == 1
    refused(program.act(at("publish", system.uuid), {"change_note": "x"}), 409, "not-now")


def test_a_second_version_says_what_changed(program, system):
    program.act(at("publish", system.uuid))
    program.patch(at("system", system.uuid), {"need_fr": "Autre besoin."}, If_Match="*")
    told = refused(program.act(at("publish", system.uuid)), 422, "invalid")
    assert told["errors"][0]["field"] == "change_note"
    answer = program.act(at("publish", system.uuid), {"change_note": "Le besoin.", "is_major": False})
    assert (answer.status_code, answer.json()["number"]) == (201, 2)


def test_a_stale_publication_is_refused(program, system):
    told = refused(program.act(at("publish", system.uuid), If_Match='"99"'), 412, "stale")
    assert told["current"] == f'"{system.version}"' and not Publication.objects.exists()


def test_no_token_gives_the_second_look(program, system):
    Organization.objects.update(second_look=SecondLook.REQUIRED)
    answer = program.act(at("publish", system.uuid), Idempotency_Key="p")
    assert (answer.status_code, answer.json()["state"], answer.json()["number"]) == (202, "second_look", None)
    assert program.act(at("publish", system.uuid), Idempotency_Key="p").json() == answer.json()
    assert not Publication.objects.exists()


def test_publishing_needs_its_own_scope(editor, system):
    writer = Program(editor, Scope.READ_SYSTEMS, Scope.WRITE_SYSTEMS)
    assert refused(writer.act(at("publish", system.uuid)), 403, "narrow-token")["scope"] == "publish"


def test_an_unknown_system_is_not_found(program):
    refused(program.act(at("publish", uuid.uuid4())), 404, "not-found")


def test_the_history_names_the_person_and_the_token(program, draft, as_user, editor):
    complete(program, draft)
    program.act(at("declare", draft.uuid))
    page = as_user(editor).get(f"/fr/espace/systemes/{draft.uuid}/historique/").content.decode()
    assert str(editor) in page and program.token.name in page
