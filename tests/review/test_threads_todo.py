"""Who is mentioned finds it under «À faire» until they answer, and receives one message without the text."""

import pytest
from django.core import mail
from django.utils import translation

from core import outbox
from core.models import Intent
from organizations.models import Membership
from organizations.workflow import Role
from review.services import add_comment, reopen_thread, resolve_thread
from review.services.messages import mentioned
from review.services.todo import MOST_OF_A_KIND, waiting_for
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000000"


def links(user) -> list[str]:
    user.__dict__.pop("_permissions_by_body", None)
    return [item.address for item in waiting_for(user)]


def deliver() -> list:
    for key in list(Intent.objects.order_by("pk").values_list("pk", flat=True)):
        outbox.run(key)
    return list(mail.outbox)


@pytest.fixture
def called(begin, reviewer):
    return begin(mentions=[reviewer])


# --- «À faire» -------------------------------------------------------------------------------------------------------
def test_who_is_mentioned_finds_the_thread_and_nobody_else(called, editor, reviewer, outsider):
    [item] = waiting_for(reviewer)
    assert (item.about, item.address, item.due_on) == (called.label, called.link, None)
    assert str(editor) in item.why_me
    assert links(editor) == [] and links(outsider) == []


def test_it_leaves_the_list_when_they_answer(called, editor, reviewer):
    add_comment(thread=called, text="Un mot d'une autre personne", by=editor)
    assert links(reviewer) == [called.link]
    add_comment(thread=called, text="Ma réponse", by=reviewer)
    assert links(reviewer) == []


def test_it_comes_back_when_they_are_called_again(called, editor, reviewer):
    add_comment(thread=called, text="Ma réponse", by=reviewer, mentions=[editor])
    assert links(editor) == [called.link]
    add_comment(thread=called, text="Et encore?", by=editor, mentions=[reviewer])
    assert links(reviewer) == [called.link] and links(editor) == []


def test_called_twice_is_one_line_by_the_last_who_called(called, body, reviewer):
    other = person(body, Role.CONTRIBUTOR, name="Autre membre")
    add_comment(thread=called, text="Moi aussi", by=other, mentions=[reviewer])
    [item] = waiting_for(reviewer)
    assert "Autre membre" in item.why_me


def test_it_leaves_when_resolved_and_comes_back_when_reopened(called, editor, reviewer):
    resolve_thread(thread=called, by=editor)
    assert links(reviewer) == []
    reopen_thread(thread=called, by=editor)
    assert links(reviewer) == [called.link]


def test_it_leaves_with_the_functions_in_the_body(called, reviewer):
    Membership.objects.filter(user=reviewer).update(role=Role.READER)
    assert links(reviewer) == []


def test_the_address_is_in_the_language_of_the_page(called, reviewer):
    with translation.override("en"):
        assert links(reviewer) == [called.link.replace("/fr/", "/en/")]


def test_the_list_is_bounded_and_asked_in_two_queries(begin, body, editor, django_assert_num_queries):
    reader = person(body, Role.CONTRIBUTOR)
    begin(mentions=[reader])
    with django_assert_num_queries(2):  # their functions, then the threads
        assert len(waiting_for(reader)) == 1
    for _number in range(MOST_OF_A_KIND + 1):
        begin(mentions=[reader])
    with django_assert_num_queries(1):
        assert len(waiting_for(reader)) == MOST_OF_A_KIND


def test_who_belongs_to_no_body_costs_no_question(django_assert_num_queries):
    newcomer = person()
    with django_assert_num_queries(1):
        assert waiting_for(newcomer) == []


# --- The message -----------------------------------------------------------------------------------------------------
def test_the_message_says_who_and_where_and_not_what(called, editor, reviewer, settings):
    (message,) = deliver()
    assert message.to == [reviewer.email]
    assert str(editor) in message.subject
    assert called.label in message.body and settings.PUBLIC_URL + called.link in message.body
    assert "Qui a choisi" not in message.body + message.alternatives[0][0]


def test_the_message_is_in_the_reader_s_language(begin, reviewer, settings):
    reviewer.language = "en"
    reviewer.save()
    thread = begin(mentions=[reviewer])
    (message,) = deliver()
    assert "mentions you in a comment" in message.subject
    assert f"{settings.PUBLIC_URL}/en/espace/evaluations/x/#thread-{thread.uuid}" in message.body


def test_a_name_or_a_label_adds_no_header_and_no_markup(begin, body, reviewer):
    by = person(body, Role.CONTRIBUTOR, name="Membre <b>x</b>")
    begin(label="Étape\nBcc: ailleurs@organisme.example <script>", by=by, mentions=[reviewer])
    (message,) = deliver()
    assert "\n" not in message.subject and "<script>" not in message.alternatives[0][0]


def test_a_message_that_has_no_object_any_more_is_not_sent(called, editor, reviewer):
    add_comment(thread=called, text="Je réponds tout de suite", by=reviewer)
    assert deliver() == []


@pytest.mark.parametrize("why", ["resolved", "function", "gone"])
def test_nor_to_whom_it_does_not_concern_any_more(called, editor, reviewer, why):
    if why == "resolved":
        resolve_thread(thread=called, by=editor)
    elif why == "function":
        Membership.objects.filter(user=reviewer).update(role=Role.READER)
    else:
        reviewer.is_active = False
        reviewer.save()
    assert deliver() == []


def test_of_a_comment_or_a_person_that_is_not_there_nothing_is_sent(called, reviewer):
    assert mentioned(called.comments.get().pk, NOBODY) is None
    assert mentioned(0, str(reviewer.uuid)) is None
