"""What is said beside a question: threads of `review/` whose subject is an assessment, who reads them, who is told."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Assessment, GuestAccess
from assessments.questionnaires import Question
from core import clock, outbox
from core.audit import Guest
from core.services import EditConflict, InvalidInput, NotAllowed
from core.text import clean_text, reader_language
from organizations.models import User
from organizations.services.messages import SEND
from review.models import CommentThread
from review.services import add_comment, open_thread, people_to_mention, reopen_thread, resolve_thread


def guests_reading(assessment: Assessment, question: str) -> list[GuestAccess]:
    """Invited persons whose link is good: they read the threads that they began, and what is answered there."""
    today = clock.civil_date(clock.now())
    return list(assessment.guests.in_force(today).filter(questions__contains=[question]).order_by("name", "pk"))


def threads_address(assessment: Assessment, code: str) -> str:
    return reverse("assessments:threads", args=[assessment.uuid, code])


def thread_label(assessment: Assessment, question: Question) -> str:
    """What a thread is about, in a mail and in «À faire»: the question, then the assessment."""
    language = reader_language()
    title = assessment.questionnaire.short_title[language]
    return f"{question.label[language]} – {title}, {assessment.system.name}"


@transaction.atomic
def begin_thread(
    *,
    assessment: Assessment,
    question: Question,
    text: str,
    by: User | Guest,
    mentions: Sequence[User] = (),
    request_key: UUID | None = None,
) -> CommentThread:
    """As `open_thread`, beside this question."""
    return open_thread(
        organization=assessment.organization,
        subject_uuid=assessment.uuid,
        place=question.id,
        label=thread_label(assessment, question),
        address=threads_address(assessment, question.id),
        text=text,
        by=by,
        mentions=mentions,
        request_key=request_key,
    )


def check_may_comment(assessment: Assessment, by: User) -> None:
    if not permissions.can_comment(by, assessment):
        raise NotAllowed("")


def people_named(assessment: Assessment, uuids: Collection[UUID]) -> list[User]:
    """Those of the body whom a comment may call, by their identifiers."""
    found = list(people_to_mention(assessment.organization).filter(uuid__in=uuids)) if uuids else []
    if len(found) != len(set(uuids)):
        raise InvalidInput(
            _("One of the people you mention may not read this: choose again among those of the list."),
            field="mentions",
        )
    return found


def thread_version(thread: CommentThread) -> int:
    """Grows with each comment and each change of state: the rows of both only grow, also when it is reopened."""
    changes = thread.events.all()  # type: ignore[attr-defined]  # the history of the model, made by its decorator
    return len(thread.comments.all()) + len(changes)


@transaction.atomic
def write_in_thread(
    *,
    thread: CommentThread,
    action: str,
    text: str,
    by: User,
    mentions: Sequence[User] = (),
    request_key: UUID | None = None,
) -> Any:
    """`comment`, `resolve` or `reopen`, and what that service of threads answers. An invited person who began the
    thread has no «À faire» to look at: a mail tells them that something was said. Raises as these services do.
    """
    answers: dict[str, Any] = {"comment": add_comment, "resolve": resolve_thread, "reopen": reopen_thread}
    written = answers[action](thread=thread, by=by, text=text, mentions=mentions, request_key=request_key)
    if clean_text(text) and thread.comments.filter(number=1, written_by__isnull=True).exists():
        last = thread.comments.order_by("-number").values_list("pk", flat=True)[0]
        message = "assessments.services.messages.guest_answered"
        outbox.ask(SEND, dedup_key=f"guest_answered:{last}", message=message, refs={"comment": last})
    return written


@transaction.atomic
def settle_thread(*, thread: CommentThread, version: int, action: str, by: User, **said: Any) -> CommentThread:
    """Resolve or reopen, when nobody commented nor settled the thread since it was read."""
    locked = CommentThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if (now := thread_version(locked)) != version:
        raise EditConflict(now)
    settled: CommentThread = write_in_thread(thread=locked, action=action, by=by, **said)
    return settled
