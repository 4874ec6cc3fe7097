"""Invited persons, listed, invited and withdrawn by a program."""

from datetime import timedelta

import pytest

from assessments.models import GuestAccess
from assessments.services.guests import address_of, find_guest, is_open_to
from assessments.services.saving import save_answers
from core import clock
from core.models import AuditEvent, Intent
from organizations.workflow import Scope
from tests.assessments.api import at, fill
from tests.assessments.test_views_counts import asked
from tests.registry.api import Program, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def path(assessment) -> str:
    return at("guests", assessment.uuid)


def day(days: int) -> str:
    return (clock.civil_date(clock.now()) + timedelta(days=days)).isoformat()


def sent(**given) -> dict:
    usual = {"name": "Soutien", "on_behalf_of": "Fournisseur", "email": "soutien@fournisseur.example"}
    return {**usual, "language": "fr", "questions": ["story", "notice"], "ends_on": day(20), **given}


def withdraw(program: Program, guest, **headers: str):
    return program.act(at("withdraw_guest", guest.assessment.uuid, guest.uuid), **headers)


def test_somebody_is_invited_and_the_link_is_told_once(program, assessment, path):
    first = program.post(path, sent(), Idempotency_Key="g")
    told, guest = first.json(), GuestAccess.objects.get()
    assert first.status_code == 201 and (told["uuid"], told["state"]) == (str(guest.uuid), "open")
    assert told["link"] == address_of(guest) and find_guest(told["link"].strip("/").rpartition("/")[2]) == guest
    assert told["questions"] == [each for each in ("story", "notice") if each in told["questions"]]
    again = program.post(path, sent(), Idempotency_Key="g").json()
    assert again == {**told, "link": ""} and GuestAccess.objects.count() == 1
    assert Intent.objects.filter(dedup_key=f"guest:{guest.uuid}").count() == 1
    event = AuditEvent.objects.get(verb="invite_guest")
    assert event.actor_ref == str(program.token.uuid) and told["link"] not in str(event.facts)


def test_no_list_tells_the_link(program, path, invite):
    guest = invite()
    answer = program.get(path)
    (told,) = answer.json()["results"]
    assert "link" not in told and "digest" not in told
    assert address_of(guest).strip("/").rpartition("/")[2] not in answer.content.decode()


def test_the_list_says_what_they_answered_and_where_they_stand(program, assessment, path, invite):
    today = clock.civil_date(clock.now())
    guest, late, gone = invite(), invite(name="En retard"), invite(name="Retirée")
    save_answers(assessment=assessment, leaves={"story": "Trois mots."}, version=1, by=guest)
    GuestAccess.objects.filter(pk=late.pk).update(ends_on=today - timedelta(days=1))
    assert withdraw(program, gone).status_code == 200
    rows = {one["name"]: one for one in program.get(path).json()["results"]}
    assert list(rows) == ["Retirée", "En retard", "Personne invitée"]
    assert [row["state"] for row in rows.values()] == ["withdrawn", "past", "open"]
    assert rows["Personne invitée"]["answered"] == ["story"] and rows["En retard"]["answered"] == []
    GuestAccess.objects.filter(pk=guest.pk).update(handed_in_at=clock.now())
    assert program.get(path).json()["results"][2]["state"] == "finished"
    assert program.get(f"{path}?page_size=1&page=3").json()["results"][0]["uuid"] == str(guest.uuid)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b"}, "name"),
        ({"on_behalf_of": "x" * 201}, "on_behalf_of"),
        ({"email": "personne"}, "email"),
        ({"email": None}, "email"),
        ({"language": "de"}, "language"),
        ({"questions": []}, "questions"),
        ({"questions": ["nobody"]}, "questions"),
        ({"questions": "story"}, "questions"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "2099-01-01"}, "ends_on"),
        ({"ends_on": "demain"}, "ends_on"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field(program, path, given, field):
    assert refused(program.post(path, sent(**given)), 422, "invalid")["errors"][0]["field"] == field
    assert not GuestAccess.objects.exists() and not Intent.objects.filter(dedup_key__startswith="guest:").exists()


def test_an_invitation_is_withdrawn_and_its_link_opens_nothing(program, assessment, invite):
    guest = invite()
    told = withdraw(program, guest, Idempotency_Key="w")
    assert told.status_code == 200 and told.json()["state"] == "withdrawn" and "link" not in told.json()
    assert withdraw(program, guest, Idempotency_Key="w").json() == told.json()
    found = GuestAccess.objects.select_related("assessment").get()
    assert not is_open_to(found)
    refused(withdraw(program, guest), 409, "not-now")
    assert AuditEvent.objects.filter(verb="withdraw_guest").count() == 1


def test_withdrawing_needs_the_version_that_was_read(program, assessment, invite):
    guest = invite()
    refused(program.post(at("withdraw_guest", assessment.uuid, guest.uuid)), 428, "condition-needed")
    fill(program, assessment, {"name": "Tri"})
    refused(withdraw(program, guest, If_Match='"1"'), 412, "stale")
    refused(program.act(at("withdraw_guest", assessment.uuid, assessment.uuid)), 404, "not-found")


def test_nobody_is_invited_to_what_is_no_longer_written(program, assessment, path):
    assert program.act(at("withdraw", assessment.uuid), {"reason": "Abandonné."}).status_code == 200
    refused(program.post(path, sent()), 409, "not-now")


def test_who_may_not_see_it_and_who_may_not_write(assessment, path, invite, outsider, authority, editor):
    guest = invite()
    refused(Program(outsider).get(path), 404, "not-found")
    refused(Program(outsider).post(path, sent()), 404, "not-found")
    refused(withdraw(Program(outsider), guest), 404, "not-found")
    assert Program(authority).get(path).status_code == 200
    refused(Program(authority).post(path, sent()), 403, "forbidden")
    refused(withdraw(Program(authority), guest), 403, "forbidden")
    narrow = Program(editor, Scope.READ_ASSESSMENTS)
    refused(narrow.post(path, sent()), 403, "narrow-token")
    refused(withdraw(narrow, guest), 403, "narrow-token")
    refused(Program(editor, Scope.WRITE_ASSESSMENTS).get(path), 403, "narrow-token")


def test_the_list_costs_the_same_with_few_and_many(program, path, invite):
    invite()
    program.get(path)
    few = len(asked(lambda: program.get(path)))
    for number in range(15):
        invite(name=f"Personne {number}")
    assert len(asked(lambda: program.get(path))) == few <= 10, few
