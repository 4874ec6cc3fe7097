"""One assessment at a glance, and what a system has of assessments."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, DepositedAssessment
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import Completeness, SectionState
from assessments.scoring.points import Score, score
from assessments.scoring.risks import RatedRisk, RiskProblem, rated_risks
from assessments.serializers.deposits import deposit_row
from assessments.serializers.words import (
    LEVEL_COLOURS,
    STATE_COLOURS,
    state_words,
)
from assessments.services.matrix import drawn_matrices, matrix_legend
from assessments.services.versions import known_questionnaires
from assessments.services.words import DEPTH_WORDS, RULE_WORDS
from assessments.workflow import SCREENING, AssessmentState
from core import clock
from core.text import day_in_words, reader_language
from registry.models import AISystem


@dataclass(frozen=True)
class SectionRow:
    """One line of the list of sections."""

    code: str
    title: str
    url: str
    state: SectionState
    words: str
    colour: str
    person: Any
    due_on: date | None
    is_late: bool
    comments: int


@dataclass(frozen=True)
class ProblemRow:
    """One rule that a risk does not follow, in words, with the way to it."""

    risk: str
    words: str
    url: str
    blocks: bool


def section_rows(assessment: Assessment, found: Completeness, comments: dict[str, tuple[int, int]]) -> list[SectionRow]:
    language, today = reader_language(), clock.civil_date(clock.now())
    given = {each.section: each for each in assessment.assignments.select_related("person")}
    rows = []
    for state in found.sections:
        code, entrusted = state.section.code, given.get(state.section.code)
        due_on = entrusted.due_on if entrusted else None
        rows.append(
            SectionRow(
                code=code,
                title=state.section.title[language],
                url=reverse("assessments:section", args=[assessment.uuid, code]),
                state=state,
                words=state_words(state),
                colour="green"
                if state.required and state.is_complete
                else ("grey" if not state.required else "yellow"),
                person=entrusted.person if entrusted else None,
                due_on=due_on,
                is_late=bool(due_on and due_on < today and not state.is_complete),
                comments=sum(comments.get(question.id, (0, 0))[0] for question in state.section.questions),
            )
        )
    return rows


def problem_rows(assessment: Assessment, found: Completeness) -> list[ProblemRow]:
    return [_problem(assessment, problem) for problem in found.problems]


def _problem(assessment: Assessment, problem: RiskProblem) -> ProblemRow:
    questionnaire = assessment.questionnaire
    question = questionnaire.by_id[problem.question] if problem.question else questionnaire.risk_question
    url = reverse("assessments:section", args=[assessment.uuid, question.section]) if question else ""
    anchor = f"#id_{question.id}.{problem.leaf}" if question and problem.leaf else ""
    words = str(RULE_WORDS[problem.rule])
    return ProblemRow(problem.risk.label[reader_language()], words, f"{url}{anchor}", problem.blocks_submission)


def question_link(assessment: Assessment, question: Question) -> dict[str, str]:
    """To the question on the page of its section."""
    url = reverse("assessments:section", args=[assessment.uuid, question.section])
    return {"url": f"{url}#q-{question.id}", "label": question.label[reader_language()], "id": question.id}


def level_label(questionnaire: Questionnaire) -> str:
    """What its level is the level of: a score has no measures that would leave something of it."""
    return _("Residual level") if questionnaire.risk_question and not questionnaire.score_levels else _("Level")


def level_words(assessment: Assessment, code: str) -> str:
    """Of the matrix or of the score of its questionnaire; «» when nothing is rated yet."""
    questionnaire = assessment.questionnaire
    levels: list[Any] = [*(questionnaire.matrix.levels if questionnaire.matrix else ()), *questionnaire.score_levels]
    return next((level.label[reader_language()] for level in levels if level.code == code), "")


def risk_table(reading: Reading) -> list[dict[str, Any]]:
    """One row for each risk that applies: its level at the three moments, in words."""
    language, matrix = reader_language(), reading.questionnaire.matrix
    moments = {code: label[language] for code, label in matrix.moments} if matrix else {}

    def told(rated: RatedRisk) -> dict[str, Any]:
        cells = []
        for moment, level in rated.levels.items():
            degrees = rated.degrees[moment]
            shown = f"{level.label[language]} ({degrees[0]}\u00a0×\u00a0{degrees[1]})" if level and degrees else ""
            colour = LEVEL_COLOURS.get(level.code if level else "", "")
            cells.append({"words": shown, "colour": colour, "moment": moments[moment]})
        return {"label": rated.risk.label[language], "applies": rated.applies, "cells": cells}

    return [told(rated) for rated in rated_risks(reading)]


def risks_told(reading: Reading) -> dict[str, Any]:
    """As a table, then drawn once for each moment."""
    return {
        "risks": risk_table(reading),
        "matrices": drawn_matrices(reading),
        "legend": matrix_legend(reading),
    }


def score_told(reading: Reading) -> dict[str, Any] | None:
    found: Score | None = score(reading)
    if found is None:
        return None
    return {"points": found.points, "most": found.most, "level": found.level.label[reader_language()]}


@dataclass(frozen=True)
class InstrumentRow:
    """One instrument that this system may be assessed by: what the screening says of it, what was done with it."""

    instrument: str
    title: str
    purpose: str
    level_label: str
    outcome: dict[str, Any] | None
    assessments: list[dict[str, Any]]
    deposits: list[dict[str, Any]]
    is_open: bool


def of_system(system: AISystem, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Every assessment of the system, by instrument; three queries."""
    rows = Assessment.objects.filter(system=system).select_related("version_asked", "lead", "case")
    rows = rows.defer("version_asked__content").order_by("-pk")
    deposits = list(
        DepositedAssessment.objects.filter(system=system).select_related("file").order_by("-done_on", "-pk")
    )
    for deposit in deposits:
        deposit.system = system
    by_instrument: dict[str, list[Assessment]] = {}
    for row in rows:
        row.system = system
        by_instrument.setdefault(row.instrument, []).append(row)
    outcomes = {one["instrument"]: one for one in results}
    return {
        "screenings": by_instrument.get(SCREENING, []),
        "is_screening_open": _is_any_open(by_instrument.get(SCREENING, [])),
        "instruments": [
            InstrumentRow(
                instrument=each.id,
                title=each.title[reader_language()],
                purpose=(each.purpose or {}).get(reader_language(), ""),
                level_label=level_label(each),
                outcome=outcomes.get(each.id),
                assessments=[assessment_row(row) for row in by_instrument.get(each.id, [])],
                deposits=[deposit_row(one) for one in deposits if one.instrument == each.id],
                is_open=_is_any_open(by_instrument.get(each.id, [])),
            )
            for each in known_questionnaires()
            if each.id != SCREENING
        ],
    }


def _is_any_open(rows: list[Assessment]) -> bool:
    return any(row.state in {AssessmentState.DRAFT, AssessmentState.SUBMITTED} for row in rows)


def assessment_row(assessment: Assessment) -> dict[str, Any]:
    language = reader_language()
    questionnaire = assessment.questionnaire
    return {
        "assessment": assessment,
        "title": questionnaire.short_title[language],
        "version": questionnaire.version,
        "state": AssessmentState(assessment.state).label,
        "state_colour": STATE_COLOURS[assessment.state],
        "level": level_words(assessment, assessment.level),
        "level_label": level_label(questionnaire),
        "level_colour": LEVEL_COLOURS.get(assessment.level, "grey"),
        "url": reverse("assessments:assessment", args=[assessment.uuid]),
    }


def instrument_title(instrument: str) -> str:
    """Of its latest version; «» for an instrument that is not known."""
    found = (each.title[reader_language()] for each in known_questionnaires() if each.id == instrument)
    return next(found, "")


def depth_told(reading: Reading, assessment: Assessment) -> dict[str, Any] | None:
    """How deep it goes and why; None for an instrument that asks everything of everyone."""
    questionnaire = reading.questionnaire
    if questionnaire.depth is None:
        return None
    language, depth = reader_language(), reading.depth
    return {
        "asked": DEPTH_WORDS[depth.asked],
        "recommended": DEPTH_WORDS[depth.recommended],
        "is_chosen": bool(depth.chosen),
        "reason": assessment.depth_reason,
        "because": [text[language] for text in depth.because],
        "sources": [questionnaire.sources[code] for code in questionnaire.depth.refs],
        "number": len(reading.asked),
    }


def facts_told(assessment: Assessment) -> list[dict[str, Any]]:
    """Labels and values of the panel beside the assessment."""
    rows = [
        {"label": _("Questionnaire"), "value": str(assessment.version_asked)},
        {"label": _("Led by"), "value": str(assessment.lead or "")},
        {"label": _("Begun on"), "value": day_in_words(clock.civil_date(assessment.created_at))},
        {"label": _("Last change"), "value": day_in_words(clock.civil_date(assessment.updated_at))},
    ]
    if assessment.due_on:
        rows.append({"label": _("Due on"), "value": day_in_words(assessment.due_on)})
    return rows
