"""Levels of risk on the matrix, and the rules that a list of risks must follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.questionnaires import Question, Risk, RiskLevel
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS

ORDER = ("low", "moderate", "high", "critical")
GRAVE = 3
"""From this severity on, the reason must be written."""
REVIEW_WITHIN = timedelta(days=366)
COUNTS = frozenset({"yes", "unsure"})


@dataclass(frozen=True)
class RatedRisk:
    """One risk that applies, or may: its level at each moment (None: not rated yet) and what was written of it.

    `severity`: the gravest that was given, at any moment. `measures`: those that lower it, none that was set aside.
    """

    risk: Risk
    applies: str
    degrees: Mapping[str, tuple[int, int] | None]
    levels: Mapping[str, RiskLevel | None]
    reason: str
    measures: tuple[str, ...]
    severity: int

    @property
    def residual(self) -> str:
        """The level that remains; until it is rated, that of now, then that of before."""
        found = next((self.levels[moment] for moment in reversed(MOMENTS) if self.levels[moment]), None)
        return found.code if found else ""


@dataclass(frozen=True)
class RiskProblem:
    """A rule that one risk does not follow yet. `rule` is a code that pages put in words. `question`: where it is
    mended, when that is not the list of risks.
    """

    rule: str
    risk: Risk
    leaf: str
    blocks_submission: bool = True
    question: str = ""


def rated_risks(reading: Reading) -> tuple[RatedRisk, ...]:
    """The risks that apply, in the order of the catalogue."""
    question, matrix = reading.questionnaire.risk_question, reading.questionnaire.matrix
    if question is None or matrix is None:
        return ()
    value, set_aside = reading.value_of(question.id) or {}, _set_aside(reading)
    found = []
    for risk in reading.risks:
        row = value.get(risk.code) or {}
        if row.get("applies") in COUNTS:
            degrees = {moment: _pair(row, moment) for moment in MOMENTS}
            levels = {moment: matrix.level(*pair) if pair else None for moment, pair in degrees.items()}
            measures = tuple(code for code in row.get("measures") or () if code not in set_aside)
            severity = max(int(row.get(f"{moment}_severity") or 0) for moment in MOMENTS)
            found.append(RatedRisk(risk, row["applies"], degrees, levels, row.get("reason") or "", measures, severity))
    return tuple(found)


def _pair(row: Mapping[str, Any], moment: str) -> tuple[int, int] | None:
    severity, likelihood = row.get(f"{moment}_severity"), row.get(f"{moment}_likelihood")
    return (int(severity), int(likelihood)) if severity and likelihood else None


def highest(levels: list[str]) -> str:
    """Of these codes of levels; «» for none."""
    known = [level for level in levels if level]
    return max(known, key=ORDER.index) if known else ""


def residual_level(reading: Reading) -> str:
    """The highest level that remains over all risks; «» when none was rated."""
    return highest([rated.residual for rated in rated_risks(reading)])


def risk_problems(reading: Reading) -> tuple[RiskProblem, ...]:
    """The rules of the list, risk by risk."""
    return tuple(problem for rated in rated_risks(reading) for problem in _problems(reading, rated))


def _problems(reading: Reading, rated: RatedRisk) -> Iterator[RiskProblem]:
    code = rated.risk.code
    for moment in ("before", "residual"):
        if rated.levels[moment] is None:
            yield RiskProblem(f"{moment}_not_rated", rated.risk, f"{code}.{moment}_severity")
    if rated.severity >= GRAVE and not rated.reason:
        yield RiskProblem("reason_missing", rated.risk, f"{code}.reason")
    before, residual = rated.levels["before"], rated.levels["residual"]
    if before and residual and ORDER.index(residual.code) < ORDER.index(before.code) and not rated.measures:
        yield RiskProblem("measure_missing", rated.risk, f"{code}.measures")
    if residual and residual.code in {"high", "critical"}:
        yield from _remains_high(reading, rated, residual.code)


def _remains_high(reading: Reading, rated: RatedRisk, level: str) -> Iterator[RiskProblem]:
    if not any(_is_dated(reading, measure) for measure in rated.measures):
        yield RiskProblem("dated_measure_missing", rated.risk, f"{rated.risk.code}.measures")
    far = _review_missing(reading)
    if far is not None:
        yield RiskProblem("review_too_far", rated.risk, "date", question=far.id)
    if level == "critical":
        yield RiskProblem("acceptance_missing", rated.risk, "", blocks_submission=False)


def _measure_rows(reading: Reading) -> Mapping[str, Mapping[str, Any]]:
    """What was written of each measure, in the question of measures."""
    found = (question for question in reading.asked if question.kind == "measures")
    return {row["row"]: row for question in found for row in reading.value_of(question.id) or []}


def _set_aside(reading: Reading) -> frozenset[str]:
    rows = _measure_rows(reading)
    return frozenset(code for code, row in rows.items() if row.get("state") == "set_aside")


def _is_dated(reading: Reading, code: str) -> bool:
    """Of the question of measures: has it an owner and a date?"""
    row = _measure_rows(reading).get(code) or {}
    return bool(row.get("owner") and row.get("due_on"))


def _review_missing(reading: Reading) -> Question | None:
    """The question of the next review, when its date is not within the year; none where none is asked."""
    if reading.today is None:
        return None
    found = next((question for question in reading.asked if question.kind == "date_with_events"), None)
    given = str((reading.value_of(found.id) or {}).get("date", "")) if found else ""
    return None if review_is_near(given, today=reading.today) else found


def review_is_near(next_review: str, *, today: date) -> bool:
    """A high residual risk asks for a review within twelve months."""
    try:
        return date.fromisoformat(next_review) <= today + REVIEW_WITHIN
    except ValueError:
        return False


def kept_measures(reading: Reading) -> dict[str, str]:
    """Measures that this assessment has in place or planned: code or row → what it is called."""
    found: dict[str, str] = {}
    for question in reading.questionnaire.questions:
        if question.kind == "measures":
            for row in reading.answers.get(question.id) or []:
                if row.get("state") != "set_aside":
                    found[row["row"]] = row.get("label", "")
    return found
