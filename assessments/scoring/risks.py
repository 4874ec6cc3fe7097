"""Levels of risk on the matrix, and the rules that a list of risks must follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.questionnaires import Risk, RiskLevel
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS

ORDER = ("low", "moderate", "high", "critical")
GRAVE = 3
"""From this severity on, the reason must be written."""
REVIEW_WITHIN = timedelta(days=366)
COUNTS = frozenset({"yes", "unsure"})


@dataclass(frozen=True)
class RatedRisk:
    """One risk that applies, or may: its level at each moment (None: not rated yet) and what was written of it."""

    risk: Risk
    applies: str
    degrees: Mapping[str, tuple[int, int] | None]
    levels: Mapping[str, RiskLevel | None]
    reason: str
    measures: tuple[str, ...]

    @property
    def residual(self) -> str:
        """The level that remains; until it is rated, that of now, then that of before."""
        found = next((self.levels[moment] for moment in reversed(MOMENTS) if self.levels[moment]), None)
        return found.code if found else ""


@dataclass(frozen=True)
class RiskProblem:
    """A rule that one risk does not follow yet. `rule` is a code that pages put in words."""

    rule: str
    risk: Risk
    leaf: str
    blocks_submission: bool = True


def rated_risks(reading: Reading) -> tuple[RatedRisk, ...]:
    """The risks that apply, in the order of the catalogue."""
    question, matrix = reading.questionnaire.risk_question, reading.questionnaire.matrix
    if question is None or matrix is None:
        return ()
    value = reading.value_of(question.id) or {}
    found = []
    for risk in reading.risks:
        row = value.get(risk.code) or {}
        if row.get("applies") in COUNTS:
            degrees = {moment: _pair(row, moment) for moment in MOMENTS}
            levels = {moment: matrix.level(*pair) if pair else None for moment, pair in degrees.items()}
            measures = tuple(row.get("measures") or ())
            found.append(RatedRisk(risk, row["applies"], degrees, levels, row.get("reason") or "", measures))
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


def risk_problems(reading: Reading, *, today: date | None = None) -> tuple[RiskProblem, ...]:
    """The rules of the list, risk by risk. `today`: also whether the next review is near enough."""
    return tuple(problem for rated in rated_risks(reading) for problem in _problems(reading, rated))


def _problems(reading: Reading, rated: RatedRisk) -> Iterator[RiskProblem]:
    code = rated.risk.code
    for moment in ("before", "residual"):
        if rated.levels[moment] is None:
            yield RiskProblem(f"{moment}_not_rated", rated.risk, f"{code}.{moment}_severity")
    worst = max((pair[0] for pair in rated.degrees.values() if pair), default=0)
    if worst >= GRAVE and not rated.reason:
        yield RiskProblem("reason_missing", rated.risk, f"{code}.reason")
    before, residual = rated.levels["before"], rated.levels["residual"]
    if before and residual and ORDER.index(residual.code) < ORDER.index(before.code) and not rated.measures:
        yield RiskProblem("measure_missing", rated.risk, f"{code}.measures")
    if residual and residual.code in {"high", "critical"}:
        yield from _remains_high(reading, rated, residual.code)


def _remains_high(reading: Reading, rated: RatedRisk, level: str) -> Iterator[RiskProblem]:
    if not any(_is_dated(reading, measure) for measure in rated.measures):
        yield RiskProblem("dated_measure_missing", rated.risk, f"{rated.risk.code}.measures")
    if level == "critical":
        yield RiskProblem("acceptance_missing", rated.risk, "", blocks_submission=False)


def _is_dated(reading: Reading, code: str) -> bool:
    """Of the question of measures: has it an owner and a date?"""
    for question in reading.asked:
        if question.kind == "measures":
            rows = {row["row"]: row for row in reading.value_of(question.id) or []}
            row = rows.get(code) or {}
            return bool(row.get("owner") and row.get("due_on"))
    return False


def review_is_near(next_review: str, *, today: date) -> bool:
    """A high residual risk asks for a review within twelve months."""
    try:
        return date.fromisoformat(next_review) <= today + REVIEW_WITHIN
    except ValueError:
        return False
