"""What the database refuses of a thread, a comment and a mention, whatever the code says."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import F

from core import clock
from review.models import Comment, CommentThread, Mention
from review.models.threads import LONGEST_COMMENT
from review.services import add_comment, resolve_thread

pytestmark = pytest.mark.django_db


def refused(constraint: str, write) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def frozen(write) -> None:
    with pytest.raises(ProgrammingError, match=r"Cannot (update|delete|update or delete) rows"), transaction.atomic():
        write()


def row(thread, by, **changed):
    given = {"thread": thread, "number": 9, "text": "Texte", "written_at": clock.now(), "written_by": by, **changed}
    return lambda: Comment.objects.create(**given)


def thread_row(thread, **changed):
    kept = ("organization_id", "subject_uuid", "place", "label", "address", "created_at", "created_by_id")
    return lambda: CommentThread.objects.create(**({name: getattr(thread, name) for name in kept} | changed))


def test_a_thread_says_its_label_and_where_it_is_read(thread):
    assert str(thread) == "ÉFVP – Tri des demandes – À quelles fins?"
    assert thread.link == f"/fr/espace/evaluations/x/#thread-{thread.uuid}"
    thread.address = "/fr/x/?question=b3#b3"
    assert thread.link == f"/fr/x/?question=b3#thread-{thread.uuid}"


@pytest.mark.parametrize(
    "column", [{"label": "Autre"}, {"address": "/ailleurs/"}, {"place": "b4"}, {"created_at": clock.now()}]
)
def test_of_a_thread_only_its_state_changes(thread, column):
    frozen(lambda: CommentThread.objects.filter(pk=thread.pk).update(**column))


def test_a_thread_is_never_deleted(thread):
    frozen(lambda: CommentThread.objects.filter(pk=thread.pk)._raw_delete("default"))


@pytest.mark.parametrize("column", [{"text": "Autre"}, {"number": F("number") + 1}, {"written_by": None}])
def test_a_comment_is_never_altered(thread, column):
    frozen(lambda: Comment.objects.filter(thread=thread).update(**column))


def test_a_comment_is_never_deleted(thread):
    frozen(lambda: Comment.objects.filter(thread=thread)._raw_delete("default"))


def test_a_mention_is_never_altered_nor_deleted(begin, reviewer, editor):
    mentions = Mention.objects.filter(comment__thread=begin(mentions=[reviewer]))
    frozen(lambda: mentions.update(person=editor))
    frozen(lambda: mentions.get().delete())
    assert mentions.get().person == reviewer


def test_the_history_keeps_each_state_of_a_thread(thread, reviewer):
    resolve_thread(thread=thread, by=reviewer)
    events = CommentThread.pgh_event_model.objects.filter(pgh_obj=thread.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.resolved_by_id) for event in events] == [("insert", None), ("update", reviewer.pk)]


@pytest.mark.parametrize("moment, by", [(True, False), (False, True)])
def test_a_resolved_thread_has_its_moment_and_its_person(thread, reviewer, moment, by):
    changed = {"resolved_at": clock.now() if moment else None, "resolved_by": reviewer if by else None}
    refused("commentthread_resolved_at_by", lambda: CommentThread.objects.filter(pk=thread.pk).update(**changed))


@pytest.mark.parametrize("place", ["", "B3", "b 3", "3b", "b3\n", "b3<script>", "../b3", "é"])
def test_a_place_is_an_id(thread, place):
    refused("commentthread_place_is_an_id", thread_row(thread, place=place))


@pytest.mark.parametrize("address", ["", "//ailleurs.example/", "https://ailleurs.example/", "/\\ailleurs", "x"])
def test_an_address_leads_to_no_other_site(thread, address):
    refused("commentthread_address_is_ours", thread_row(thread, address=address))


def test_a_thread_has_a_label(thread):
    refused("commentthread_has_label", thread_row(thread, label=""))


def test_two_comments_have_two_numbers(thread, editor):
    refused("comment_number_in_thread", row(thread, editor, number=1))


def test_numbers_count_from_one(thread, editor):
    refused("comment_number_from_one", row(thread, editor, number=0))


def test_a_comment_has_a_text(thread, editor):
    refused("comment_has_text", row(thread, editor, text=""))


def test_a_comment_is_not_longer_than_the_form_allows(thread, editor):
    refused("comment_text_within_length", row(thread, editor, text="é" * (LONGEST_COMMENT + 1)))
    assert row(thread, editor, text="é" * LONGEST_COMMENT)().pk


@pytest.mark.parametrize(
    "author",
    [
        {"written_by": None},
        {"written_by": None, "guest_name": "Fournisseur"},
        {"written_by": None, "guest_ref": "abc"},
        {"guest_name": "Fournisseur", "guest_ref": "abc"},
        {"guest_ref": "abc"},
    ],
)
def test_a_comment_is_by_a_person_or_by_a_guest(thread, editor, author):
    refused("comment_by_a_person_or_a_guest", row(thread, editor, **author))


def test_somebody_is_mentioned_once_in_a_comment(begin, reviewer):
    comment = begin(mentions=[reviewer]).comments.get()
    refused("mention_once", lambda: Mention.objects.create(comment=comment, person=reviewer))


def test_a_comment_says_who_wrote_it(thread, editor):
    assert str(thread.comments.get()) == f"{thread.pk}.1"
    assert thread.comments.get().author == str(editor)


def test_threads_are_found_by_subject_place_and_state(begin, thread, reviewer):
    subject = thread.subject_uuid
    other = begin(subject_uuid=subject, place="b4")
    done = resolve_thread(thread=begin(subject_uuid=subject), by=reviewer)
    threads = CommentThread.objects.of(subject)
    assert list(threads) == [thread, other, done]
    assert list(threads.at("b3_purposes").open()) == [thread]
    assert list(threads.resolved()) == [done]


def test_counts_by_place_in_one_query(begin, thread, reviewer, django_assert_num_queries):
    subject = thread.subject_uuid
    begin(subject_uuid=subject)
    resolve_thread(thread=begin(subject_uuid=subject), by=reviewer)
    resolve_thread(thread=begin(subject_uuid=subject, place="b4"), by=reviewer)
    begin()
    with django_assert_num_queries(1):
        assert CommentThread.objects.counts_by_place(subject) == {"b3_purposes": (2, 1), "b4": (0, 1)}


def test_all_that_a_page_shows_in_three_queries(begin, thread, editor, reviewer, django_assert_num_queries):
    def shown():
        threads = list(CommentThread.objects.of(thread.subject_uuid).with_comments())
        return [
            (one.author, one.number, [str(person) for person in one.mentions.all()], str(each.resolved_by))
            for each in threads
            for one in each.comments.all()
        ]

    with django_assert_num_queries(3):
        assert shown() == [(str(editor), 1, [], "None")]
    for number in range(5):
        other = begin(subject_uuid=thread.subject_uuid, mentions=[reviewer])
        add_comment(thread=other, text=f"Réponse {number}", by=reviewer, mentions=[editor])
        resolve_thread(thread=other, by=editor)
    with django_assert_num_queries(3):
        assert len(shown()) == 11
