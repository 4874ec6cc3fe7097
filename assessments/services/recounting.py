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
# Of one part, which is one job and one transaction: between two the relay takes a quarter of a second.
PART = 500
# Of those whose answers a worker holds in memory.
AT_ONCE = 50
COUNTED = ("done", "required", "level")
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
    drafts = [each for each in found if each.is_open]
    parcels = (drafts[start : start + AT_ONCE] for start in range(0, len(drafts), AT_ONCE))
    _write([each for parcel in parcels for each in _counted_anew(parcel)])
    _compare([each for each in found if not each.is_open and each.case_id])
    _ask(run=run, after=found[-1].pk)


def _counted_anew(drafts: list[Assessment]) -> list[Assessment]:
    """Those whose counts were others."""
    given: dict[int, dict[str, Any]] = {each.pk: {} for each in drafts}
    answers = Answer.objects.filter(assessment__in=drafts, value__isnull=False).order_by("assessment_id", "question")
    for key, question, value in answers.values_list("assessment", "question", "value").iterator(chunk_size=2000):
        given[key][question] = value
    found = []
    for each in drafts:
        before = [getattr(each, name) for name in COUNTED]
        reading = reading_of(each, given.pop(each.pk))
        state = completeness(reading)
        each.done, each.required, each.level = state.done, state.required, level_of(reading)
        if before != [getattr(each, name) for name in COUNTED]:
            found.append(each)
    return found


def _write(counted: list[Assessment]) -> None:
    """Nobody waits: what somebody saves meanwhile is counted by that save, and is left as it is."""
    if not counted:
        return
    rows = Assessment.objects.filter(pk__in=[each.pk for each in counted], state=AssessmentState.DRAFT)
    free = rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", "version")
    as_read = set(free)
    Assessment.objects.bulk_update([each for each in counted if (each.pk, each.version) in as_read], COUNTED)


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
