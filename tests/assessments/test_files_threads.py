"""Comments beside a question: their page, who may write there, the page of all the open ones, counts."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, GuestAccess
from assessments.serializers.comments import comment_counts
from assessments.services.commenting import thread_label, threads_address
from assessments.services.guests import secret_of, withdraw_guest
from assessments.services.messages import guest_answered
from assessments.services.submitting import withdraw_assessment
from core import clock
from core.audit import Guest
from core.models import Intent
from organizations.models import User
from review.models import Comment, CommentThread
from review.services import add_comment, open_thread, resolve_thread

pytestmark = pytest.mark.django_db
Send = Callable[..., object]


@pytest.fixture
def send(assessment: Assessment, editor: User, as_user: Callable[[User], Client]):
    """Sends the form of the page of `story`, as `by`."""

    def make(by: User = editor, question: str = "story", **fields):
        data = {"place": question, "request_key": str(uuid.uuid4()), "thread": "", "text": "Est-ce exact?", **fields}
        address = reverse("assessments:threads", args=[assessment.uuid, question])
        return as_user(by).post(address, {"action": "open", **data})

    return make


@pytest.fixture
def begin(assessment: Assessment, editor: User):
    def make(question: str = "story", by=editor, text: str = "Est-ce exact?") -> CommentThread:
        asked = assessment.questionnaire.question(question)
        return open_thread(
            organization=assessment.organization,
            subject_uuid=assessment.uuid,
            place=question,
            label=thread_label(assessment, asked),
            address=threads_address(assessment, question),
            text=text,
            by=by,
        )

    return make


def test_whoever_reads_the_assessment_may_begin_a_thread(send, assessment, authority):
    answer = send(authority)
    thread = CommentThread.objects.get()
    assert answer.status_code == 303 and answer["Location"].endswith(f"#{thread.anchor}")
    assert (thread.subject_uuid, thread.place, thread.created_by) == (assessment.uuid, "story", authority)
    assert thread.label.startswith("Récit – Toutes les sortes")


def test_a_thread_is_answered_resolved_and_reopened(send, begin, editor, authority):
    thread = begin()
    key = str(thread.uuid)
    for action, count in (("comment", 2), ("resolve", 3), ("reopen", 4)):
        assert send(authority, action=action, thread=key, text="Oui.").status_code == 303
        assert thread.comments.count() == count
    thread.refresh_from_db()
    assert not thread.is_resolved


def test_a_form_sent_twice_says_it_once(send):
    key = str(uuid.uuid4())
    send(request_key=key), send(request_key=key)
    assert Comment.objects.count() == 1


def test_others_are_not_there(send, assessment, outsider, reader):
    for somebody in (outsider, reader):
        assert send(somebody).status_code == 404
    assert not CommentThread.objects.exists()


def test_a_question_that_is_none_has_no_threads(send, assessment, editor, as_user):
    assert send(question="nothing").status_code == 404
    assert as_user(editor).get(reverse("assessments:threads", args=[assessment.uuid, "nothing"])).status_code == 404


def test_a_thread_of_another_question_is_not_answered_here(send, begin):
    thread = begin("name")
    assert send(action="comment", thread=str(thread.uuid)).status_code == 404
    assert send(action="comment", thread=str(uuid.uuid4())).status_code == 404


def test_what_is_refused_stays_in_its_form(send, begin):
    thread = begin()
    page = send(action="comment", thread=str(thread.uuid), text="y" * 4001)
    assert page.status_code == 422 and "y" * 4001 in page.content.decode()
    assert send(action="delete").status_code == 422


def test_a_resolved_thread_is_not_answered(send, begin, editor):
    thread = begin()
    resolve_thread(thread=thread, by=editor)
    assert send(action="comment", thread=str(thread.uuid)).status_code == 409


def test_one_comments_after_the_assessment_is_closed_too(send, assessment, editor, authority, as_user):
    withdraw_assessment(assessment=assessment, reason="Refaite", by=editor)
    assert send(authority).status_code == 303
    page = as_user(authority).get(reverse("assessments:threads", args=[assessment.uuid, "story"]))
    assert reverse("assessments:section", args=[assessment.uuid, "project"]) not in page.content.decode()


def test_counts_by_question(begin, assessment, editor, django_assert_num_queries):
    begin(), begin("name"), resolve_thread(thread=begin(), by=editor)
    with django_assert_num_queries(1):
        assert comment_counts(assessment) == {"story": (1, 1), "name": (1, 0)}


def test_the_page_of_questions_tells_the_counts(begin, assessment, editor, as_user):
    begin(), begin(), resolve_thread(thread=begin(), by=editor)
    page = as_user(editor).get(reverse("assessments:section", args=[assessment.uuid, "project"])).content.decode()
    found = re.search(rf'href="{threads_address(assessment, "story")}">([^<]+)<', page)
    assert found and "2" in found[1]
    assert page.count(reverse("assessments:threads", args=[assessment.uuid, "name"])) == 1


def test_the_open_threads_of_the_assessment(begin, assessment, editor, authority, as_user):
    address = reverse("assessments:comments", args=[assessment.uuid])
    client = as_user(authority)
    assert "vg-empty-state" in client.get(address).content.decode()
    last, first, done = begin("story", text="<b>Second</b>"), begin("name", text="Premier"), begin("people")
    add_comment(thread=first, text="Réponse", by=Guest(ref="r", name="Soutien"))
    resolve_thread(thread=done, by=editor)
    page = client.get(address).content.decode()
    assert page.index(first.anchor) < page.index(last.anchor) and done.anchor not in page
    assert "<b>" not in page and "Réponse" in page
    overview = client.get(reverse("assessments:assessment", args=[assessment.uuid])).content.decode()
    assert address in overview


def test_as_many_queries_however_many_threads(begin, assessment, editor, as_user, django_assert_num_queries):
    client = as_user(editor)
    begin()
    for name, args, most in (("comments", [], 11), ("threads", ["story"], 11)):
        address = reverse(f"assessments:{name}", args=[assessment.uuid, *args])
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
    for _each in range(6):
        add_comment(thread=begin(), text="Encore", by=editor)
    for name, args, most in (("comments", [], 11), ("threads", ["story"], 11)):
        with django_assert_num_queries(most):
            client.get(reverse(f"assessments:{name}", args=[assessment.uuid, *args]))


def test_the_page_says_that_an_invited_person_reads_it(assessment, editor, as_user):
    GuestAccess.objects.create(
        assessment=assessment,
        name="Soutien <b>",
        email="a@fournisseur.example",
        on_behalf_of="Fournisseur",
        questions=["story"],
        digest="0" * 64,
        ends_on=clock.civil_date(clock.now()) + timedelta(days=5),
        given_at=clock.now(),
        given_by=editor,
    )
    client = as_user(editor)
    story, name = (
        client.get(reverse("assessments:threads", args=[assessment.uuid, code])).content.decode()
        for code in ("story", "name")
    )
    assert "Soutien &lt;b&gt; (Fournisseur)" in story and "Fournisseur" not in name


def test_an_invited_person_who_asked_is_told_that_somebody_answered(send, begin, invite, editor):
    """By mail, once for each comment, never with its text; nothing of what they did not begin, nor once it is over."""
    guest = invite()
    asked = begin(by=Guest(ref=guest.actor_ref, name=str(guest)), text="Que veut dire récit?")
    inner = begin(text="Entre nous")
    for thread in (asked, inner):
        fields = {"thread": str(thread.uuid), "text": "Racontez.", "request_key": str(uuid.uuid4())}
        for _twice in range(2):
            send(action="comment", **fields)
    send(action="resolve", thread=str(asked.uuid), text="")
    [job] = Intent.objects.filter(dedup_key__startswith="guest_answered:")
    comment = Comment.objects.get(thread=asked, text="Racontez.")
    assert job.arguments["refs"] == {"comment": comment.pk}
    told = guest_answered(comment.pk)
    assert told and (told.to, told.language) == (guest.email, guest.language)
    assert told.context["address"].endswith(reverse("guests:threads", args=[secret_of(guest.uuid), "story"]))
    assert "Racontez." not in render_to_string(told.template, told.context)
    assert guest_answered(Comment.objects.get(thread=inner, text="Racontez.").pk) is None
    withdraw_guest(guest=guest, by=editor)
    assert guest_answered(comment.pk) is None


def test_nobody_is_told_of_an_answer_that_they_have_answered(send, begin, invite):
    guest = invite()
    by = Guest(ref=guest.actor_ref, name=str(guest))
    asked = begin(by=by)
    send(action="comment", thread=str(asked.uuid), text="Racontez.")
    add_comment(thread=asked, text="Voilà.", by=by)
    assert guest_answered(Comment.objects.get(text="Racontez.").pk) is None
