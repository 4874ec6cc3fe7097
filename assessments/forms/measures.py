"""The measures that may lower a risk: what a form takes of them, and which ones a page offers."""

from collections.abc import Collection, Iterable

from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import ROW_KEY, Leaf
from assessments.scoring.risks import kept_measures
from assessments.services.words import own_measure

Choices = list[tuple[str, str]]


def measures_question(reading: Reading) -> Question | None:
    """Where the assessment says which measures it has."""
    return next((question for question in reading.asked if question.kind == "measures"), None)


def taken_measures(catalogue: Choices, sent: Iterable[str]) -> Choices:
    """The whole catalogue, whatever the page showed, and the rows of measures of its own."""
    return [*catalogue, *((key, key) for key in sorted(set(sent)) if ROW_KEY.fullmatch(key))]


def offered_measures(reading: Reading, leaf: Leaf, catalogue: Choices, linked: Collection[str]) -> Choices:
    """Those that the assessment keeps, in place or planned, and those that are linked to this risk already.

    A questionnaire that asks nowhere for measures offers those that its catalogue gives for the risk.
    """
    kept = kept_measures(reading)
    if measures_question(reading) is None:
        risk = leaf.path.partition(".")[0]
        kept = {each.code: "" for each in reading.questionnaire.measures if risk in each.risks}
    known = [(code, words) for code, words in catalogue if code in kept or code in linked]
    own = {key: kept.get(key) or own_measure(key) for key in (*kept, *linked) if ROW_KEY.fullmatch(key)}
    return [*known, *own.items()]
