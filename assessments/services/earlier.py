"""Answers of assessments that are decided: which ones may be offered again, and from which assessment they come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, ScreeningConclusion
from assessments.models.questionnaire import questionnaire_of
from assessments.questionnaires import Question
from assessments.workflow import SCREENING, AssessmentState
from core import clock
from core.text import day_in_words, reader_language
from registry.models import AISystem


@dataclass(frozen=True)
class Earlier:
    """One answer as it was stored, and where it comes from in words."""

    value: Any
    origin: str


def answers_elsewhere(system: int, questions: Iterable[Question]) -> dict[tuple[str, str], Earlier]:
    """(instrument, question) → the answer of the last one decided, where one of these questions takes it. One query."""
    sources = [source for each in questions for source in each.prefill if source.source == "assessment"]
    if not sources:
        return {}
    rows = Answer.objects.filter(
        assessment__system=system,
        assessment__state=AssessmentState.DECIDED,
        assessment__instrument__in={source.instrument for source in sources},
        question__in={source.field for source in sources},
        value__isnull=False,
    )
    told = rows.order_by("assessment").values_list(
        "assessment__instrument",
        "question",
        "value",
        "assessment__version_asked",
        "assessment__version_asked__digest",
        Coalesce("assessment__conclusion__concluded_at", "assessment__case__decided_at"),
    )
    return {
        (instrument, question): Earlier(value, _from_another(questionnaire_of(key, digest).short_title, moment))
        for instrument, question, value, key, digest, moment in told
        if value is not None
    }


def _from_another(title: Mapping[str, str], moment: datetime | None) -> str:
    told = {"assessment": title[reader_language()], "day": _day(moment)}
    return _("From another assessment of this system: %(assessment)s, %(day)s") % told


def last_answers(assessment: Assessment) -> dict[str, Earlier]:
    """Question → what the last concluded screening of the system answered; nothing for another instrument."""
    last = last_conclusion(assessment.system) if assessment.instrument == SCREENING else None
    if last is None:
        return {}
    title = last.assessment.questionnaire.short_title[reader_language()]
    origin = _("From last time: %(assessment)s, %(day)s") % {"assessment": title, "day": _day(last.concluded_at)}
    return {question: Earlier(value, origin) for question, value in last.answers.items()}


def last_conclusion(system: AISystem) -> ScreeningConclusion | None:
    """With its version, without the content, which is kept in memory."""
    found = ScreeningConclusion.objects.filter(system=system)
    joined = found.select_related("assessment__version_asked", "concluded_by", "signed_by")
    return joined.defer("assessment__version_asked__content").order_by("-pk").first()


def _day(moment: datetime | None) -> str:
    return day_in_words(clock.civil_date(moment)) if moment else ""
