"""The matrix of risks as it is drawn, once for each moment: which risks stand in which cell, by their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.questionnaires import Matrix, RiskLevel
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS
from assessments.scoring.risks import RatedRisk, rated_risks
from core.text import reader_language


@dataclass(frozen=True)
class Cell:
    """One pair severity × likelihood. `code`, `level`, `short`: of its level; `risks`: their numbers in the list of
    the risks that apply.
    """

    code: str
    level: str
    short: str
    risks: tuple[int, ...]


@dataclass(frozen=True)
class LegendLevel:
    """What a colour and its letters mean, the lowest first."""

    code: str
    level: str
    short: str


@dataclass(frozen=True)
class Row:
    """One severity, the gravest above."""

    number: int
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DrawnMatrix:
    """One moment. `heads`: likelihoods, the least first; `unrated`: how many risks have no place in it yet."""

    code: str
    moment: str
    heads: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    unrated: int


def matrix_legend(reading: Reading) -> list[LegendLevel]:
    matrix = reading.questionnaire.matrix
    return [LegendLevel(*_named(matrix, level)) for level in matrix.levels] if matrix else []


def drawn_matrices(reading: Reading) -> list[DrawnMatrix]:
    """None before a first risk is rated: an empty drawing tells nothing."""
    matrix, rated = reading.questionnaire.matrix, rated_risks(reading)
    if matrix is None or not any(degrees for each in rated for degrees in each.degrees.values()):
        return []
    return [_drawn(matrix, moment, rated) for moment in MOMENTS]


def _drawn(matrix: Matrix, moment: str, rated: tuple[RatedRisk, ...]) -> DrawnMatrix:
    language = reader_language()
    placed: dict[tuple[int, int], list[int]] = {}
    for number, each in enumerate(rated, start=1):
        if degrees := each.degrees[moment]:
            placed.setdefault(degrees, []).append(number)
    severities, likelihoods = (list(enumerate(axis, start=1)) for axis in (matrix.severity, matrix.likelihood))
    return DrawnMatrix(
        code=moment,
        moment=dict(matrix.moments)[moment][language],
        heads=tuple((number, degree.label[language]) for number, degree in likelihoods),
        rows=tuple(
            Row(
                number,
                degree.label[language],
                tuple(_cell(matrix, (number, other), placed) for other, _label in likelihoods),
            )
            for number, degree in reversed(severities)
        ),
        unrated=len(rated) - sum(map(len, placed.values())),
    )


def _cell(matrix: Matrix, degrees: tuple[int, int], placed: Mapping[tuple[int, int], list[int]]) -> Cell:
    return Cell(*_named(matrix, matrix.level(*degrees)), tuple(placed.get(degrees, ())))


def _named(matrix: Matrix, level: RiskLevel) -> tuple[str, str, str]:
    """Code, words, and the fewest first letters that no other level has: a colour alone tells nothing on paper."""
    language = reader_language()
    words = level.label[language]
    others = [each.label[language] for each in matrix.levels if each is not level]
    lengths = range(1, len(words))
    length = next((n for n in lengths if not any(other.startswith(words[:n]) for other in others)), len(words))
    return level.code, words, words[:length]
