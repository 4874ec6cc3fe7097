"""The matrix of risks as it is drawn, once for each moment: which risks stand in which cell, by their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.questionnaires import Matrix
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS
from assessments.scoring.risks import RatedRisk, rated_risks
from assessments.serializers.words import LEVEL_COLOURS
from core.text import reader_language


@dataclass(frozen=True)
class Cell:
    """One pair severity × likelihood. `risks`: their numbers in the list of risks."""

    level: str
    colour: str
    risks: tuple[int, ...]


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
    level = matrix.level(*degrees)
    colour = LEVEL_COLOURS.get(level.code, "grey")
    return Cell(level.label[reader_language()], colour, tuple(placed.get(degrees, ())))
