"""Threads are begun, continued, resolved and reopened; what is refused leaves nothing behind."""

import threading
import uuid

import pytest
from django.db import connection

from core.audit import Guest
from core.models import AuditEvent, CreationKey, Intent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.workflow import Role
from review.models import Comment, CommentThread
from review.services import (
    add_comment,
    hand_threads_over,
    open_thread,
    people_to_mention,
    reopen_thread,
    resolve_thread,
)
from review.services.threads import MOST_MENTIONED
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db

SUPPLIER = Guest(ref="5f0c6a52-6d0c-4bb7-b7ad-0d1b2a3c4d5e", name="Soutien technique du fournisseur")
VERBS = ("open_thread", "comment", "resolve_thread", "reopen_thread")


def events(thread) -> list[tuple[str, dict]]:
    found = AuditEvent.objects.filter(object_type="review.commentthread", object_ref=str(thread.uuid)).order_by("pk")
    return list(found.values_list("verb", "facts"))


def texts(thread) -> list[str]:
    return list(thread.comments.order_by("number").values_list("text", flat=True))


def nothing_written() -> bool:
    return not (
        CommentThread.objects.exists()
        or Comment.objects.exists()
        or AuditEvent.objects.filter(verb__in=VERBS).exists()
        or Intent.objects.exists()
        or CreationKey.objects.exists()
    )


# --- Beginning and answering -----------------------------------------------------------------------------------------
def test_a_thread_begins_with_its_first_comment(thread, body, editor):
    assert (thread.organization, thread.created_by, thread.is_resolved) == (body, editor, False)
    comment = thread.comments.get()
    assert (comment.number, comment.text, comment.written_by) == (1, "Qui a choisi ces fins?", editor)
    assert events(thread) == [
        ("open_thread", {"subject": str(thread.subject_uuid), "place": "b3_purposes", "mentions": 0})
    ]


def test_several_threads_may_be_at_one_place(begin, thread):
    begin(subject_uuid=thread.subject_uuid)
    assert CommentThread.objects.of(thread.subject_uuid).at("b3_purposes").count() == 2


def test_an_answer_has_the_next_number_and_is_an_event(thread, reviewer):
    comment = add_comment(thread=thread, text="  Le comité.\r\nEn mai. ", by=reviewer)
    assert (comment.number, comment.text, comment.author) == (2, "Le comité.\nEn mai.", str(reviewer))
    assert events(thread)[1:] == [("comment", {"number": 2, "mentions": 0})]


def test_the_ledger_keeps_no_text_and_no_name(begin, reviewer):
    thread = begin(text="Secret de dossier", mentions=[reviewer])
    add_comment(thread=thread, text="Autre secret", by=SUPPLIER)
    resolve_thread(thread=thread, by=reviewer, text="Dernier secret")
    told = str(list(AuditEvent.objects.filter(verb__in=VERBS).values("facts", "actor_ref", "object_ref")))
    assert "ecret" not in told and SUPPLIER.name not in told and str(reviewer) not in told


@pytest.mark.parametrize("text", ["", "  ", "\r\n\t", "\u200b\x00\u202e"])
def test_a_comment_without_a_word_is_refused(begin, thread, reviewer, text):
    with pytest.raises(InvalidInput) as refusal:
        add_comment(thread=thread, text=text, by=reviewer)
    assert refusal.value.field == "text" and thread.comments.count() == 1
    with pytest.raises(InvalidInput):
        begin(text=text)


def test_too_long_a_comment_is_refused_with_a_sentence(begin, editor):
    with pytest.raises(InvalidInput, match="4000"):
        begin(text="x" * 4001, request_key=uuid.uuid4())
    assert nothing_written()
    assert begin(text="x" * 4000).comments.get().text == "x" * 4000


def test_hostile_text_is_kept_as_text(begin):
    text = "<script>alert(1)</script> {{ x }} {% y %} '; DROP TABLE review_comment; --"
    assert texts(begin(text=f"\x00{text}\u202e")) == [text]


@pytest.mark.parametrize("place", ["", "B3", "b3\n", "b3 ", "../b3", "b" * 61, "b3\x00"])
def test_a_place_that_is_no_id_is_refused(begin, place):
    with pytest.raises(InvalidInput) as refusal:
        begin(place=place)
    assert refusal.value.field == "place" and nothing_written()


def test_too_long_a_label_is_cut_at_a_word(begin):
    thread = begin(label="ÉFVP – " + "À quelles fins " * 40)
    assert len(thread.label) <= 300 and thread.label.endswith("…")


def test_too_long_an_address_is_refused(begin):
    with pytest.raises(InvalidInput):
        begin(address="/" + "x" * 300)


# --- Guests ----------------------------------------------------------------------------------------------------------
def test_a_guest_answers_and_begins(begin, thread):
    comment = add_comment(thread=thread, text="Voici la réponse.", by=SUPPLIER)
    assert (comment.author, comment.guest_ref, comment.written_by) == (SUPPLIER.name, SUPPLIER.ref, None)
    event = AuditEvent.objects.get(verb="comment")
    assert (event.actor_kind, event.actor_ref) == ("guest", SUPPLIER.ref)
    begun = begin(by=SUPPLIER)
    assert begun.created_by is None and begun.comments.get().author == SUPPLIER.name


def test_a_guest_mentions_nobody(thread, begin, reviewer):
    with pytest.raises(NotAllowed):
        add_comment(thread=thread, text="Bonjour", by=SUPPLIER, mentions=[reviewer])
    assert thread.comments.count() == 1 and not Intent.objects.exists()


def test_the_name_of_a_guest_is_one_line_and_fits(thread):
    guest = Guest(ref="r", name="Deux\nlignes \u202e" + "x" * 300)
    comment = add_comment(thread=thread, text="Bonjour", by=guest)
    assert "\n" not in comment.guest_name and len(comment.guest_name) <= 200


# --- Mentions --------------------------------------------------------------------------------------------------------
def test_a_mention_is_kept_and_told(begin, reviewer, editor):
    comment = begin(mentions=[reviewer, reviewer, editor]).comments.get()
    assert list(comment.mentions.order_by("pk")) == [reviewer]  # once, and never oneself
    intent = Intent.objects.get()
    assert intent.arguments == {
        "message": "review.services.messages.mentioned",
        "refs": {"comment": comment.pk, "to": str(reviewer.uuid)},
    }
    assert events(comment.thread)[0][1]["mentions"] == 1


def test_people_to_mention_are_those_who_read_the_drafts(body, editor, reviewer, outsider):
    person(body, Role.READER)
    assert set(people_to_mention(body)) == {editor, reviewer}
    assert list(people_to_mention(body, but=editor)) == [reviewer]


@pytest.mark.parametrize("who", ["outsider", "reader", "gone"])
def test_who_may_not_read_the_drafts_is_not_mentioned(begin, body, reviewer, outsider, who):
    if who == "gone":
        reviewer.is_active = False
        reviewer.save()
    people = {"outsider": outsider, "reader": person(body, Role.READER), "gone": reviewer}
    with pytest.raises(InvalidInput) as refusal:
        begin(mentions=[people[who]], request_key=uuid.uuid4())
    assert refusal.value.field == "mentions" and nothing_written()


def test_a_comment_does_not_call_a_whole_body(begin, body):
    people = [person(body, Role.READER, Role.CONTRIBUTOR) for _number in range(MOST_MENTIONED + 1)]
    with pytest.raises(InvalidInput, match=str(MOST_MENTIONED)):
        begin(mentions=people)
    assert Comment.objects.count() == 0
    assert begin(mentions=people[1:]).comments.get().mentions.count() == MOST_MENTIONED


# --- Resolving and reopening -----------------------------------------------------------------------------------------
def test_resolving_is_dated_signed_and_told(thread, reviewer):
    resolved = resolve_thread(thread=thread, by=reviewer)
    thread.refresh_from_db()
    assert resolved.is_resolved and (thread.resolved_by, thread.resolved_at) == (reviewer, resolved.resolved_at)
    assert events(thread)[1:] == [("resolve_thread", {"comments": 1})]


def test_a_last_comment_may_go_with_it(thread, reviewer, editor):
    resolve_thread(thread=thread, by=reviewer, text="C'est fait.", mentions=[editor])
    assert texts(thread) == ["Qui a choisi ces fins?", "C'est fait."]
    assert [verb for verb, _facts in events(thread)] == ["open_thread", "comment", "resolve_thread"]


def test_reopening_takes_the_signature_off_and_may_say_why(thread, reviewer, editor):
    resolve_thread(thread=thread, by=reviewer)
    reopen_thread(thread=thread, by=editor, text="Il manque une fin.", mentions=[reviewer])
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (None, None)
    assert texts(thread)[1:] == ["Il manque une fin."]
    assert [verb for verb, _facts in events(thread)] == ["open_thread", "resolve_thread", "reopen_thread", "comment"]


def test_nobody_is_called_without_a_word(thread, reviewer, editor):
    with pytest.raises(InvalidInput) as refusal:
        resolve_thread(thread=thread, by=reviewer, mentions=[editor])
    assert refusal.value.field == "text"
    thread.refresh_from_db()
    assert not thread.is_resolved


def test_a_resolved_thread_says_to_reopen_it(thread, reviewer):
    resolve_thread(thread=thread, by=reviewer)
    with pytest.raises(NotPossibleNow) as refusal:
        add_comment(thread=thread, text="Encore", by=reviewer)
    with pytest.raises(NotPossibleNow) as of_guest:
        add_comment(thread=thread, text="Encore", by=SUPPLIER)
    assert refusal.value.sentence != of_guest.value.sentence  # a guest cannot reopen: they begin another
    assert thread.comments.count() == 1


def test_a_thread_is_resolved_once_and_reopened_once(thread, reviewer, editor):
    with pytest.raises(NotPossibleNow):
        reopen_thread(thread=thread, by=editor, text="Encore")
    resolve_thread(thread=thread, by=reviewer)
    with pytest.raises(NotPossibleNow):
        resolve_thread(thread=thread, by=editor, text="Encore")
    thread.refresh_from_db()
    assert thread.resolved_by == reviewer and thread.comments.count() == 1


def test_threads_follow_their_subject_to_another_body(begin, thread, other_body, editor):
    begin(subject_uuid=thread.subject_uuid)
    stays = begin()
    assert hand_threads_over(subject_uuid=thread.subject_uuid, organization=other_body, by=editor) == 2
    assert hand_threads_over(subject_uuid=thread.subject_uuid, organization=other_body, by=editor) == 0
    assert {one.organization for one in CommentThread.objects.of(thread.subject_uuid)} == {other_body}
    stays.refresh_from_db()
    assert stays.organization != other_body
    assert AuditEvent.objects.filter(verb="hand_to_successor", organization_uuid=other_body.uuid).count() == 2


# --- Sent twice, and at the same moment ------------------------------------------------------------------------------
def test_a_form_sent_twice_makes_one_of_each(begin, thread, editor, reviewer):
    key, subject = uuid.uuid4(), uuid.uuid4()
    assert begin(subject_uuid=subject, request_key=key) == begin(subject_uuid=subject, request_key=key)
    for act in (add_comment, resolve_thread, reopen_thread):
        key = uuid.uuid4()
        said = {"thread": thread, "text": "Deux fois", "by": reviewer, "mentions": [editor], "request_key": key}
        assert act(**said) == act(**said)
    assert CommentThread.objects.of(subject).count() == 1
    assert texts(thread)[1:] == ["Deux fois"] * 3
    assert Intent.objects.count() == 3


def test_the_key_of_somebody_else_opens_nothing(thread, editor, reviewer):
    key = uuid.uuid4()
    add_comment(thread=thread, text="Un", by=editor, request_key=key)
    with pytest.raises(NotPossibleNow):
        add_comment(thread=thread, text="Deux", by=reviewer, request_key=key)


def test_a_refused_form_may_be_sent_again(thread, reviewer):
    key = uuid.uuid4()
    with pytest.raises(InvalidInput):
        add_comment(thread=thread, text="", by=reviewer, request_key=key)
    assert add_comment(thread=thread, text="Oui", by=reviewer, request_key=key).number == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_comments_of_the_same_moment_have_a_number_each(thread, editor, reviewer):
    failed: list[Exception] = []

    def write(number: int) -> None:
        try:
            add_comment(thread=thread, text=f"Réponse {number}", by=(editor, reviewer)[number % 2])
        except Exception as error:
            failed.append(error)
        connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
    assert failed == []
    assert list(thread.comments.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_who_resolve_at_the_same_moment_one_signs(thread, editor, reviewer):
    answers: list[str] = []

    def resolve(by) -> None:
        try:
            resolve_thread(thread=thread, by=by, text="Fait.")
            answers.append("resolved")
        except NotPossibleNow:
            answers.append("refused")
        connection.close()

    people = [threading.Thread(target=resolve, args=[by]) for by in (editor, reviewer)]
    for one in people:
        one.start()
    for one in people:
        one.join(20)
    assert sorted(answers) == ["refused", "resolved"]
    assert thread.comments.count() == 2


def test_beginning_costs_few_queries(begin, thread, body, editor, reviewer, django_assert_max_num_queries):
    given = {
        "organization": body, "subject_uuid": thread.subject_uuid, "place": "b3", "label": "Question",
        "address": "/fr/x/", "text": "Oui?", "by": editor,
    }  # fmt: skip
    with django_assert_max_num_queries(8):
        open_thread(**given)
    with django_assert_max_num_queries(8):
        add_comment(thread=thread, text="Non.", by=editor)
