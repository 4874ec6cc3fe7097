"""The simple score of an instrument whose file gives points and levels."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.questionnaires import Option
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
    most = sum(_most(question.kind, reading.options_of(question)) for question in reading.asked)
    reached = [level for level in levels if points >= level.start]
    return Score(points, most, reached[-1] if reached else levels[0])


def _most(kind: str, options: Iterable[Option]) -> float:
    options = list(options)
    if kind not in {"multiple_choice", "date_with_events"}:
        return max((option.points for option in options), default=0)
    together = sum(option.points for option in options if option.points > 0 and not option.exclusive)
    return max([together, *(option.points for option in options if option.exclusive)])
