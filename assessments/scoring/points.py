"""The simple score of an instrument whose file gives points and levels."""

from dataclasses import dataclass

from assessments.questionnaires.shapes import ScoreLevel
from assessments.scoring.asking import Reading


@dataclass(frozen=True)
class Score:
    """`most`: what the questions asked could give at most."""

    points: float
    most: float
    level: ScoreLevel


def score(reading: Reading) -> Score | None:
    """None for an instrument that is not scored so."""
    levels = reading.questionnaire.score_levels
    if not levels:
        return None
    points = sum(reading.points_of(question.id) for question in reading.asked)
    most = sum(_most(question.kind, [option.points for option in question.options]) for question in reading.asked)
    reached = [level for level in levels if points >= level.start]
    return Score(points, most, reached[-1] if reached else levels[0])


def _most(kind: str, points: list[float]) -> float:
    if kind == "multiple_choice":
        return sum(point for point in points if point > 0)
    return max(points, default=0)
