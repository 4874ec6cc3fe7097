"""What is said beside a question: threads of `review/` whose subject is an assessment, and who reads them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Assessment, GuestAccess
from assessments.questionnaires import Question
from core import clock
from core.audit import Guest
from core.services import EditConflict, InvalidInput, NotAllowed
from core.text import reader_language
from organizations.models import User
from review.models import CommentThread
from review.services import open_thread, people_to_mention


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
    """Moves with each comment, and with each state."""
    return 2 * len(thread.comments.all()) + thread.is_resolved


@transaction.atomic
def settle_thread(
    *, thread: CommentThread, version: int, act: Callable[..., CommentThread], by: User, **said: Any
) -> CommentThread:
    """`act`, which resolves or reopens, when nobody commented nor settled the thread since it was read."""
    locked = CommentThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if (now := thread_version(locked)) != version:
        raise EditConflict(now)
    return act(thread=locked, by=by, **said)
