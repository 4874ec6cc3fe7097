"""Comment threads: begun, continued, resolved, reopened. The room that calls checks who may, these check the rest."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from core import clock, outbox
from core.audit import Guest, record, record_many
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, created_once
from core.text import clean_line, clean_text, cut_at_word
from organizations.models import Organization, User
from organizations.permissions import Permission, people_who_may
from organizations.services.messages import SEND
from review.models import Comment, CommentThread, Mention
from review.models.threads import PLACE

Writer = User | Guest

LONGEST_LABEL = 300
LONGEST_NAME = 200
# A comment calls those who can answer it; a whole body is told otherwise.
MOST_MENTIONED = 20


def people_to_mention(organization: Organization, *, but: User | None = None) -> "QuerySet[User]":
    """Those of the body whose functions let them read its drafts; `but`: who writes calls nobody but others."""
    found = people_who_may(Permission.READ_DRAFTS, organization)
    return found.exclude(pk=but.pk) if but else found


@transaction.atomic
def open_thread(
    *,
    organization: Organization,
    subject_uuid: UUID,
    place: str,
    label: str,
    address: str,
    text: str,
    by: Writer,
    mentions: Sequence[User] = (),
    request_key: UUID | None = None,
) -> CommentThread:
    """Begin a thread at one place of a subject, with its first comment. `label` (cut where it is too long) and
    `address` come from the room that calls. Raises `InvalidInput` for a text or a mention that cannot be kept,
    `NotAllowed` for a guest who mentions.
    """

    def create() -> CommentThread:
        if not re.fullmatch(PLACE, place):
            raise InvalidInput(_("There is no such question. Open the page again."), field="place")
        check_length(place, CommentThread, "place")
        check_length(address, CommentThread, "address")
        thread = CommentThread.objects.create(
            organization=organization,
            subject_uuid=subject_uuid,
            place=place,
            label=cut_at_word(clean_line(label), LONGEST_LABEL),
            address=address,
            created_at=clock.now(),
            created_by=by if isinstance(by, User) else None,
        )
        _comment, called = _write(thread, text, mentions, by)
        facts = {"subject": str(subject_uuid), "place": place, "mentions": called}
        record(by=by, verb="open_thread", thing=thread, organization=organization, facts=facts)
        return thread

    return created_once(key=request_key, by=by, model=CommentThread, create=create)


@transaction.atomic
def add_comment(
    *, thread: CommentThread, text: str, by: Writer, mentions: Sequence[User] = (), request_key: UUID | None = None
) -> Comment:
    """Answer in an open thread. Raises `NotPossibleNow` when it is resolved, and as `open_thread` does."""

    def create() -> Comment:
        found = _locked(thread)
        if found.is_resolved:
            raise NotPossibleNow(_what_to_do(by))
        return _add(found, text, mentions, by)

    return created_once(key=request_key, by=by, model=Comment, create=create)


@transaction.atomic
def resolve_thread(
    *,
    thread: CommentThread,
    by: User,
    text: str = "",
    mentions: Sequence[User] = (),
    request_key: UUID | None = None,
) -> CommentThread:
    """Nothing more is expected; a last comment may go with it. Raises `NotPossibleNow` when it is resolved already."""

    def change() -> CommentThread:
        found = _locked(thread)
        if found.is_resolved:
            raise NotPossibleNow(_("This thread was resolved already. Open its page again to read it."))
        _add_if_any(found, text, mentions, by)
        found.resolved_at, found.resolved_by = clock.now(), by
        found.save(update_fields=["resolved_at", "resolved_by"])
        record(by=by, verb="resolve_thread", thing=found, organization=found.organization, facts=_facts(found))
        return found

    return created_once(key=request_key, by=by, model=CommentThread, create=change)


@transaction.atomic
def reopen_thread(
    *,
    thread: CommentThread,
    by: User,
    text: str = "",
    mentions: Sequence[User] = (),
    request_key: UUID | None = None,
) -> CommentThread:
    """Something more is expected after all; a comment may say what. Raises `NotPossibleNow` when it is open already."""

    def change() -> CommentThread:
        found = _locked(thread)
        if not found.is_resolved:
            raise NotPossibleNow(_("This thread is open already. Open its page again to answer in it."))
        found.resolved_at = found.resolved_by = None
        found.save(update_fields=["resolved_at", "resolved_by"])
        record(by=by, verb="reopen_thread", thing=found, organization=found.organization, facts=_facts(found))
        _add_if_any(found, text, mentions, by)
        return found

    return created_once(key=request_key, by=by, model=CommentThread, create=change)


@transaction.atomic
def hand_threads_over(*, subject_uuid: UUID, organization: Organization, by: User) -> int:
    """The threads of a subject follow it to the body that carries on the work, where people are called from then on."""
    found = CommentThread.objects.of(subject_uuid).exclude(organization=organization)
    moved = list(found.select_for_update(of=("self",)).order_by("pk"))
    CommentThread.objects.filter(pk__in=[thread.pk for thread in moved]).update(organization=organization)
    told: list[tuple[CommentThread, dict[str, str]]] = [(thread, {"place": thread.place}) for thread in moved]
    record_many(by=by, verb="hand_to_successor", things=told, organization=organization)
    return len(moved)


def _locked(thread: CommentThread) -> CommentThread:
    """So that two comments of the same moment have two numbers, and none comes after the thread was resolved."""
    return CommentThread.objects.select_for_update(of=("self",)).select_related("organization").get(pk=thread.pk)


def _what_to_do(by: Writer) -> str:
    if isinstance(by, Guest):
        return _("This thread was resolved. Begin another one to add something.")
    return _("This thread was resolved. Reopen it to add a comment.")


def _add_if_any(thread: CommentThread, text: str, mentions: Sequence[User], by: User) -> None:
    """Without a text nobody is called: the person would not know what for."""
    if mentions or clean_text(text):
        _add(thread, text, mentions, by)


def _add(thread: CommentThread, text: str, mentions: Sequence[User], by: Writer) -> Comment:
    comment, called = _write(thread, text, mentions, by)
    facts = {"number": comment.number, "mentions": called}
    record(by=by, verb="comment", thing=thread, organization=thread.organization, facts=facts)
    return comment


def _write(thread: CommentThread, text: str, mentions: Sequence[User], by: Writer) -> tuple[Comment, int]:
    """The next comment, those it calls, and the message to each of them; how many are called."""
    text = clean_text(text)
    if not text:
        raise InvalidInput(_("Write your comment."), field="text")
    check_length(text, Comment, "text")
    called = _people_called(mentions, thread.organization, by)
    last: int | None = thread.comments.aggregate(last=Max("number"))["last"]
    comment = Comment.objects.create(
        thread=thread,
        number=(last or 0) + 1,
        text=text,
        written_at=clock.now(),
        written_by=by if isinstance(by, User) else None,
        guest_name=cut_at_word(clean_line(by.name), LONGEST_NAME) if isinstance(by, Guest) else "",
        guest_ref=by.ref if isinstance(by, Guest) else "",
    )
    Mention.objects.bulk_create(Mention(comment=comment, person=person) for person in called)
    _tell(comment, called)
    return comment, len(called)


def _people_called(mentions: Iterable[User], organization: Organization, by: Writer) -> list[User]:
    """Once each, never whoever writes; people of the body, as they are now."""
    keys = {person.pk for person in mentions} - {by.pk if isinstance(by, User) else None}
    if keys and isinstance(by, Guest):
        raise NotAllowed(_("Only people who have an account may mention somebody. Take the names off."))
    if len(keys) > MOST_MENTIONED:
        sentence = _("Mention %(most)d people at most: those who can answer.") % {"most": MOST_MENTIONED}
        raise InvalidInput(sentence, field="mentions")
    found = list(people_to_mention(organization).filter(pk__in=keys)) if keys else []
    if len(found) != len(keys):
        raise InvalidInput(
            _("One of the people you mention may not read this: choose again among those of the list."),
            field="mentions",
        )
    return found


def _tell(comment: Comment, people: Iterable[User]) -> None:
    for person in people:
        outbox.ask(
            SEND,
            dedup_key=f"mentioned:{comment.pk}:{person.uuid}",
            message="review.services.messages.mentioned",
            refs={"comment": comment.pk, "to": str(person.uuid)},
        )


def _facts(thread: CommentThread) -> dict[str, int]:
    return {"comments": thread.comments.count()}
