"""Invited persons: somebody without account answers named questions by a link, and sees nothing else."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment, Evidence, GuestAccess
from assessments.services.guests import (
    MOST_GUESTS,
    find_guest,
    hand_in,
    invite_guest,
    secret_of,
    take_answers_back,
    withdraw_guest,
)
from assessments.services.messages import guest_invited
from assessments.services.saving import save_answers
from assessments.services.submitting import withdraw_assessment
from core import clock
from core.audit import Guest
from core.models import AuditEvent, Intent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import User
from organizations.tasks import send_message
from review.models import Comment, CommentThread
from review.services import add_comment, open_thread
from tests.factories.files import EXE, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """How often a link was opened is counted in the cache."""
    cache.clear()


def day(days: int):
    return clock.civil_date(clock.now()) + timedelta(days=days)


@pytest.fixture
def guest(invite) -> GuestAccess:
    return invite()


def at(guest: GuestAccess, name: str = "answers", *args) -> str:
    return reverse(f"guests:{name}", args=[secret_of(guest.uuid), *args])


def typed(assessment: Assessment, **leaves: str) -> dict[str, str]:
    version = Assessment.objects.values_list("version", flat=True).get(pk=assessment.pk)
    codes = {name.partition(".")[0] for name in leaves}
    return {"version": str(version), "shown": ",".join(codes), **leaves}


# --- Inviting --------------------------------------------------------------------------------------------------------
def test_the_link_is_neither_in_a_row_nor_in_a_job(guest):
    secret = secret_of(guest.uuid)
    assert len(secret) >= 43 and guest.digest != secret and find_guest(secret) == guest
    events = GuestAccess.pgh_event_models["insert"].objects.all()
    assert "digest" not in {field.name for field in events.model._meta.fields}
    intent = Intent.objects.get(task="organizations.tasks.send_message")
    assert intent.arguments["refs"] == {"uuid": str(guest.uuid)}
    held = [str(intent.arguments), str(AuditEvent.objects.get(verb="invite_guest").facts), guest.digest]
    assert not [text for text in held if secret in text or "fournisseur.example" in text]


def test_the_mail_goes_to_the_person_in_their_language(invite):
    guest = invite(language="en")
    send_message(message="assessments.services.messages.guest_invited", refs={"uuid": str(guest.uuid)})
    [letter] = mail.outbox
    assert letter.to == [guest.email]
    assert f"/en/invite/{secret_of(guest.uuid)}/" in letter.body


def test_no_mail_leaves_once_the_invitation_is_over(guest, editor):
    withdraw_guest(guest=guest, by=editor)
    assert guest_invited(str(guest.uuid)) is None


def test_the_link_is_given_once(assessment, editor):
    key = uuid.uuid4()
    wanted = {
        "assessment": assessment,
        "name": "A",
        "email": "a@b.example",
        "on_behalf_of": "B",
        "questions": ["story"],
        "language": "fr",
        "ends_on": day(3),
        "by": editor,
        "request_key": key,
    }
    (first, link), (again, nothing) = invite_guest(**wanted), invite_guest(**wanted)
    assert (first, nothing) == (again, "") and secret_of(first.uuid) in link
    assert Intent.objects.filter(dedup_key=f"guest:{first.uuid}").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 201},
        {"on_behalf_of": ""},
        {"email": "nowhere"},
        {"email": ""},
        {"questions": []},
        {"questions": ["story", "nothing"]},
        {"language": "de"},
        {"ends_on": day(-1)},
        {"ends_on": day(91)},
    ],
)
def test_what_cannot_be_kept_is_refused(invite, wrong):
    with pytest.raises(InvalidInput):
        invite(**wrong)
    assert not GuestAccess.objects.exists() and not Intent.objects.exists()


def test_so_many_at_once(invite, editor):
    guests = [invite(email=f"a{number}@b.example") for number in range(MOST_GUESTS)]
    with pytest.raises(NotPossibleNow):
        invite()
    withdraw_guest(guest=guests[0], by=editor)
    invite()


def test_those_who_write_invite_while_it_is_written(invite, assessment, editor, authority, outsider):
    for somebody in (authority, outsider):
        with pytest.raises(NotAllowed):
            invite(by=somebody)
    withdraw_assessment(assessment=assessment, reason="Refaite", by=editor)
    with pytest.raises(NotPossibleNow):
        invite()


def test_withdrawing_once_by_those_who_write(guest, editor, authority):
    with pytest.raises(NotAllowed):
        withdraw_guest(guest=guest, by=authority)
    withdraw_guest(guest=guest, by=editor)
    with pytest.raises(NotPossibleNow):
        withdraw_guest(guest=guest, by=editor)
    assert AuditEvent.objects.filter(verb="withdraw_guest").count() == 1


# --- Pages of the body -----------------------------------------------------------------------------------------------
def test_the_people_of_the_body_list_invite_and_withdraw(assessment, editor, as_user: Callable[[User], Client]):
    client, address = as_user(editor), reverse("assessments:guests", args=[assessment.uuid])
    assert "vg-empty-state" in client.get(address).content.decode()
    invite = reverse("assessments:invite_guest", args=[assessment.uuid])
    assert client.get(invite).status_code == 200
    form = {
        "request_key": str(uuid.uuid4()),
        "name": "Soutien",
        "on_behalf_of": "Fournisseur <b>",
        "email": "soutien@fournisseur.example",
        "language": "fr",
        "ends_on": day(10).isoformat(),
        "questions_project": ["story", "name"],
    }
    page = client.post(invite, form)
    guest = GuestAccess.objects.get()
    assert page.status_code == 200 and secret_of(guest.uuid) in page.content.decode()
    assert guest.questions == ["name", "story"]  # in the order of the questionnaire
    page = client.get(address).content.decode()
    assert "Fournisseur &lt;b&gt;" in page and secret_of(guest.uuid) not in page
    assert secret_of(guest.uuid) not in client.post(invite, form).content.decode()
    withdraw = reverse("assessments:withdraw_guest", args=[assessment.uuid, guest.uuid])
    assert client.post(withdraw).status_code == 303
    assert client.get(at(guest)).status_code == 404


def test_a_form_without_question_is_given_back(assessment, editor, as_user):
    address = reverse("assessments:invite_guest", args=[assessment.uuid])
    form = {"request_key": str(uuid.uuid4()), "name": "Soutien", "language": "fr", "questions_project": ["nothing"]}
    page = as_user(editor).post(address, form)
    assert page.status_code == 422 and "Soutien" in page.content.decode()
    assert as_user(editor).post(address, {}).status_code == 422


# --- The link --------------------------------------------------------------------------------------------------------
def test_a_link_that_opens_nothing_says_whom_to_ask(guest, assessment, editor, client):
    name, who = str(assessment.organization.name), str(editor)
    page = client.get(reverse("guests:answers", args=["x" * 43]))
    assert page.status_code == 404 and who not in page.content.decode() and name not in page.content.decode()
    GuestAccess.objects.filter(pk=guest.pk).update(ends_on=day(-1))
    page = client.get(at(guest))
    assert page.status_code == 404 and who in page.content.decode() and name in page.content.decode()
    GuestAccess.objects.filter(pk=guest.pk).update(ends_on=day(1))
    withdraw_assessment(assessment=assessment, reason="Refaite", by=editor)
    for name, args in (("answers", []), ("files", ["notice"]), ("threads", ["story"]), ("file", [uuid.uuid4()])):
        assert client.get(at(guest, name, *args)).status_code == 404
    assert client.post(at(guest, "finish")).status_code == 404


def test_nothing_of_it_is_kept_nor_found(guest, client):
    for page in (client.get(at(guest)), client.get(reverse("guests:answers", args=["x"]))):
        assert page["Cache-Control"] == "private, no-store" and "noindex" in page["X-Robots-Tag"]
        assert 'name="robots"' in page.content.decode()
    assert "Disallow: /fr/invite/" in client.get("/robots.txt").content.decode()


def test_too_often_is_too_often(guest, client, settings):
    from core.rest.throttling import GuestThrottle

    allowed = GuestThrottle().num_requests
    pages = [client.get(reverse("guests:answers", args=["x"])).status_code for _each in range(allowed + 1)]
    assert pages[:-1] == [404] * allowed and pages[-1] == 429


# --- Their questions -------------------------------------------------------------------------------------------------
def test_they_see_their_questions_and_who_invited_them(guest, assessment, editor, colleague, save, client):
    save(assessment, {"name": "Secret du nom", "story": "Ce qui est là.", "people": "few"}, by=colleague)
    page = client.get(at(guest)).content.decode()
    assert "Ce qui est là." in page and str(editor) in page and str(assessment.organization.name) in page
    assert "Secret du nom" not in page and str(colleague) not in page
    codes = set(re.findall(r'id="q-(\w+)"', page))
    assert codes == {"story"}  # `notice` stands in a section that is not asked
    assert "/espace/evaluations/" not in page


def test_their_answers_are_marked_as_theirs(guest, assessment, client, editor, as_user):
    assert client.post(at(guest), typed(assessment, story="Par le fournisseur")).status_code == 303
    row = Answer.objects.get(question="story")
    assert (row.value, row.origin, row.guest, row.updated_by) == ("Par le fournisseur", "guest", guest, None)
    page = as_user(editor).get(reverse("assessments:question", args=[assessment.uuid, "story"]))
    assert "Fournisseur" in page.content.decode()


def test_they_write_nowhere_else(guest, assessment, client):
    client.post(at(guest), typed(assessment, story="Oui", name="Autre nom", nothing="x"))
    assert set(Answer.objects.values_list("question", flat=True)) == {"story"}
    for sent in ({"remove_row": "data.r00010000"}, {"add_row": "data"}, {"files": "proof"}):
        answer = client.post(at(guest), typed(assessment, story="Oui") | sent)
        assert answer.status_code == 303 and answer["Location"] == at(guest)


def test_an_autosave_tells_their_part_alone(guest, assessment, save, colleague, client):
    save(assessment, {"sensitive": "yes"}, by=colleague)
    answer = client.post(at(guest), typed(assessment, story="Oui") | {"autosave": "1"}, headers={"accept": "json"})
    told = answer.json()
    assert answer.status_code == 200 and "parts" not in told and told["progress"]["total"] == 0
    assert told["version"] == Assessment.objects.get(pk=assessment.pk).version
    assert str(colleague) not in answer.content.decode()


def test_two_texts_are_shown_and_nobody_is_named(guest, assessment, colleague, save, client):
    stale = typed(assessment, story="Texte du fournisseur")
    save(assessment, {"story": "Texte de l'organisme", "name": "Autre réponse"}, by=colleague)
    page = client.post(at(guest), stale)
    html = page.content.decode()
    assert page.status_code == 409 and "Texte du fournisseur" in html and "Texte de l&#x27;organisme" in html
    assert str(colleague) not in html and "Autre réponse" not in html
    settled = {
        "version": typed(assessment)["version"],
        "shown": "story",
        "settle": "story",
        "mine-story": "Texte du fournisseur",
        "theirs-story": "Texte de l'organisme",
        "third-story": "",
        "settle-story": "mine",
        "unsettled": "story",
    }
    client.post(at(guest), settled | {"unsettled": ""})
    assert Answer.objects.get(question="story").value == "Texte du fournisseur"
    stale["autosave"] = "1"
    save(assessment, {"story": "Encore un autre"}, by=colleague)
    answer = client.post(at(guest), stale | {"story": "Et le mien"}, headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 409 and str(colleague) not in answer.content.decode()


def test_the_people_of_the_body_see_both_texts_too(guest, assessment, editor):
    version = assessment.version
    save_answers(assessment=assessment, leaves={"story": "Le fournisseur"}, version=version, by=guest)
    saved = save_answers(assessment=assessment, leaves={"story": "L'organisme"}, version=version, by=editor)
    [one] = saved.differences
    assert (one.stored, one.typed, one.by) == ("Le fournisseur", "L'organisme", str(guest))


def test_a_wrong_value_is_given_back(invite, assessment, client):
    guest = invite(questions=["records"])
    page = client.post(at(guest), typed(assessment, records="beaucoup"))
    assert page.status_code == 422 and "beaucoup" in page.content.decode()


def test_a_question_that_comes_is_told(invite, assessment, client):
    guest = invite(questions=["people", "in_charge", "law"])
    answer = client.post(at(guest), typed(assessment, people="many") | {"autosave": "1"})
    assert answer.json()["asked"]["href"] == at(guest)


# --- Finishing -------------------------------------------------------------------------------------------------------
def test_finishing_closes_until_it_is_taken_back(guest, assessment, client):
    assert client.post(at(guest, "finish")).status_code == 303
    assert client.post(at(guest, "finish")).status_code == 303  # pressed twice
    page = client.get(at(guest)).content.decode()
    assert at(guest, "take_back") in page and 'name="story"' not in page
    assert client.post(at(guest), typed(assessment, story="Trop tard")).status_code == 409
    form = {"file": SimpleUploadedFile("a.pdf", PDF), "request_key": str(uuid.uuid4())}
    assert client.post(at(guest, "files", "notice"), form).status_code == 409
    assert client.post(at(guest, "take_back")).status_code == 303
    assert client.post(at(guest), typed(assessment, story="À temps")).status_code == 303
    verbs = AuditEvent.objects.filter(actor_kind="guest", actor_ref=str(guest.uuid)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["hand_in_answers", "take_answers_back"]


def test_nobody_finishes_for_another(guest, invite):
    other = invite(email="autre@fournisseur.example")
    for act in (hand_in, take_answers_back):
        with pytest.raises(NotAllowed):
            act(guest=guest, by=other)


# --- Files and comments ----------------------------------------------------------------------------------------------
def test_their_files_and_no_other(guest, invite, assessment, editor, client, store_of_files):
    from assessments.services.evidence import add_evidence

    theirs = add_evidence(assessment=assessment, question="notice", content=PDF, name="interne.pdf", by=editor)
    address = at(guest, "files", "notice")
    form = {"file": SimpleUploadedFile("avis.pdf", PDF), "request_key": str(uuid.uuid4())}
    page = client.post(address, form, follow=True).content.decode()
    own = Evidence.objects.get(guest=guest)
    assert "avis.pdf" in page and "interne.pdf" not in page
    assert b"".join(client.get(at(guest, "file", own.uuid)).streaming_content) == PDF
    assert client.get(at(guest, "file", theirs.uuid)).status_code == 404
    assert client.post(at(guest, "remove_file", theirs.uuid)).status_code == 404
    other = invite(email="autre@fournisseur.example")
    assert client.get(at(other, "file", own.uuid)).status_code == 404
    assert client.post(at(guest, "remove_file", own.uuid)).status_code == 303
    form = {"file": SimpleUploadedFile("avis.pdf", EXE), "request_key": str(uuid.uuid4())}
    assert client.post(address, form).status_code == 422
    for code in ("proof", "story", "nothing"):
        assert client.get(at(guest, "files", code)).status_code == 404


def begin(assessment, by, text, place="story") -> CommentThread:
    return open_thread(
        organization=assessment.organization,
        subject_uuid=assessment.uuid,
        place=place,
        label="Récit",
        address=reverse("assessments:threads", args=[assessment.uuid, place]),
        text=text,
        by=by,
    )


def test_their_threads_and_no_other(guest, invite, assessment, editor, colleague, client):
    inner = begin(assessment, colleague, "Entre nous")
    address = at(guest, "threads", "story")
    form = {"place": "story", "thread": "", "action": "open", "text": "Que veut dire récit?", "request_key": ""}
    assert client.post(address, form).status_code == 303
    thread = CommentThread.objects.exclude(pk=inner.pk).get()
    assert Comment.objects.get(thread=thread).guest_ref == str(guest.uuid)
    add_comment(thread=thread, text="Racontez.", by=colleague), add_comment(thread=thread, text="Oui.", by=editor)
    page = client.get(address).content.decode()
    assert "Racontez." in page and str(editor) in page
    assert str(colleague) not in page and "Entre nous" not in page
    assert client.post(address, form | {"action": "comment", "thread": str(thread.uuid)}).status_code == 303
    assert client.post(address, form | {"action": "comment", "thread": str(inner.uuid)}).status_code == 404
    for action in ("resolve", "reopen", "delete"):
        assert client.post(address, form | {"action": action, "thread": str(thread.uuid)}).status_code == 422
    assert client.post(address, form | {"text": ""}).status_code == 422
    assert client.post(address, form | {"mentions": [str(editor.uuid)]}).status_code == 422
    other = invite(email="autre@fournisseur.example")
    assert "Racontez." not in client.get(at(other, "threads", "story")).content.decode()
    for code in ("name", "nothing"):
        assert client.get(at(guest, "threads", code)).status_code == 404


def test_what_is_answered_is_still_read_after_they_have_finished(guest, assessment, colleague, client):
    by = Guest(ref=guest.actor_ref, name=str(guest))
    thread, _inner = begin(assessment, by, "Que veut dire récit?"), begin(assessment, colleague, "Entre nous")
    add_comment(thread=thread, text="Racontez.", by=colleague)
    client.post(at(guest, "finish"))
    page = client.get(at(guest)).content.decode()
    assert at(guest, "threads", "story") in page and "2 commentaires" in page
    assert "Racontez." in client.get(at(guest, "threads", "story")).content.decode()


def test_the_page_costs_the_same_whatever_is_there(guest, assessment, client, django_assert_num_queries, save):
    client.get(at(guest))
    with django_assert_num_queries(4):
        client.get(at(guest))
    save(assessment, {"story": "Oui", "name": "Nom", "records": 3})
    with django_assert_num_queries(4):
        client.get(at(guest))
