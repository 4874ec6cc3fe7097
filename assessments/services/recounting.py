"""Counts and levels of every assessment again, after a change of how they are counted. A job of many small parts."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import structlog
from django.db import transaction

from assessments.models import Answer, Assessment, Submission
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.services.facts import reading_of
from assessments.services.saving import level_of
from assessments.workflow import AssessmentState
from core.outbox import ask

log = structlog.get_logger(__name__)
TASK = "assessments.tasks.recount"
# Of one part, which is one transaction: what a worker holds in memory, and the longest that a save may wait for it.
PART = 100
FROZEN = (AssessmentState.SUBMITTED, AssessmentState.DECIDED)


@transaction.atomic
def ask_recount() -> None:
    """From the first one on; asked twice, it is done twice, to the same end."""
    _ask(run=uuid4().hex, after=0)


def _ask(*, run: str, after: int) -> None:
    ask(TASK, dedup_key=f"{TASK}:{run}:{after}", run=run, after=after)


@transaction.atomic
def recount_part(*, run: str, after: int) -> None:
    """Those after this key, then ask for the next ones: a worker that dies repeats one part and loses none.

    Drafts are counted anew. What was submitted or decided keeps its level, which a person was shown: it is compared
    with what was frozen, and a difference goes to the log.
    """
    rows = Assessment.objects.filter(pk__gt=after, state__in=[AssessmentState.DRAFT, *FROZEN]).with_what_it_needs()
    found = list(rows.order_by("pk")[:PART])
    if not found:
        return
    _recount_drafts([each for each in found if each.is_open])
    _compare([each for each in found if not each.is_open and each.case_id])
    _ask(run=run, after=found[-1].pk)


def _recount_drafts(drafts: list[Assessment]) -> None:
    """Nobody waits: what somebody saves meanwhile was counted by that save, and is left as it is."""
    given: dict[int, dict[str, Any]] = {each.pk: {} for each in drafts}
    answers = Answer.objects.filter(assessment__in=drafts, value__isnull=False).order_by("assessment", "question")
    for key, question, value in answers.values_list("assessment", "question", "value").iterator(chunk_size=2000):
        given[key][question] = value
    for each in drafts:
        reading = reading_of(each, given.pop(each.pk))
        state = completeness(reading)
        counted = {"done": state.done, "required": state.required, "level": level_of(reading)}
        if counted != {name: getattr(each, name) for name in counted}:
            Assessment.objects.filter(pk=each.pk, version=each.version, state=each.state).update(**counted)


def _compare(frozen: Iterable[Assessment]) -> None:
    by_case = {each.case_id: each for each in frozen}
    submissions = Submission.objects.filter(case__in=by_case).order_by("pk").values_list("case", "document")
    for case, document in submissions.iterator(chunk_size=20):
        each = by_case[case]
        reading = Reading(each.questionnaire, document["answers"], document["facts"], depth=document["depth"]["chosen"])
        kept, counted = document.get("score") or document["level"], level_of(reading)
        if not each.level == kept == counted:
            told = {"stored": each.level, "frozen": kept, "counted": counted}
            log.warning("level of a frozen assessment differs", assessment=str(each.uuid), **told)
