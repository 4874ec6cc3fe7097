"""What an invited person sees of an assessment; what the people of the body see of those whom they invited."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Evidence, GuestAccess
from assessments.questionnaires import Question
from core import clock
from core.text import reader_language
from review.models import Comment, CommentThread

GUEST_STATES: Mapping[str, Any] = {
    "open": _("May answer"),
    "finished": _("Has finished"),
    "past": _("Past its day"),
    "withdrawn": _("Withdrawn"),
}
COLOURS = {"open": "blue", "finished": "green", "past": "grey", "withdrawn": "grey"}


def own_files(guest: GuestAccess) -> Any:
    return Evidence.objects.kept().filter(guest=guest).select_related("file").order_by("pk")


def own_threads(guest: GuestAccess) -> Any:
    """Those that they began: what the body says among its own people is not theirs to read."""
    began = CommentThread.objects.of(guest.assessment.uuid).filter(
        created_by__isnull=True, comments__number=1, comments__guest_ref=guest.actor_ref
    )
    return began.order_by("pk")


def thread_counts(guest: GuestAccess) -> dict[str, tuple[int, int]]:
    """Question → (open, resolved), of theirs."""
    found: dict[str, tuple[int, int]] = {}
    for place, resolved_at in own_threads(guest).values_list("place", "resolved_at"):
        left, resolved = found.get(place, (0, 0))
        found[place] = (left, resolved + 1) if resolved_at else (left + 1, resolved)
    return found


def own_conversations(guest: GuestAccess) -> list[tuple[Question, int]]:
    """Questions where they began threads, and how many comments stand there: what is answered comes after they have
    finished, too.
    """
    found = Comment.objects.filter(thread__in=own_threads(guest)).order_by().values("thread__place")
    numbers = {one["thread__place"]: one["number"] for one in found.annotate(number=Count("pk"))}
    by_id = guest.assessment.questionnaire.by_id
    return [(by_id[code], numbers[code]) for code in guest.questions if code in numbers]


def guest_rows(assessment: Assessment) -> list[dict[str, Any]]:
    """Everybody who was invited, the latest first; two queries."""
    today, language = clock.civil_date(clock.now()), reader_language()
    guests = list(assessment.guests.select_related("given_by", "withdrawn_by").order_by("-pk"))
    rows = assessment.answers.filter(guest__isnull=False, value__isnull=False).order_by("pk")
    wrote: dict[int | None, set[str]] = {}
    for key, code in rows.values_list("guest", "question"):
        wrote.setdefault(key, set()).add(code)
    by_id = assessment.questionnaire.by_id
    return [
        {
            "guest": guest,
            "questions": [
                {
                    "label": by_id[code].label[language],
                    "url": reverse("assessments:question", args=[assessment.uuid, code]),
                    "is_answered": code in wrote.get(guest.pk, set()),
                }
                for code in guest.questions
                if code in by_id
            ],
            **_state(guest_state(guest, today)),
        }
        for guest in guests
    ]


def guest_state(guest: GuestAccess, today: date) -> str:
    """Code of where an invitation stands."""
    if guest.withdrawn_at:
        return "withdrawn"
    if guest.handed_in_at:
        return "finished"
    return "open" if guest.is_good_on(today) else "past"


def _state(code: str) -> dict[str, Any]:
    return {"state": GUEST_STATES[code], "colour": COLOURS[code], "is_good": code in {"open", "finished"}}
