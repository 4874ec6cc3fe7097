"""What a screening says of each other assessment, and the one answer that would change it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.questionnaires import Option, Outcome, Question, Questionnaire, Text
from assessments.questionnaires.shapes import OutcomeRule
from assessments.scoring.asking import Answers, Reading
from assessments.scoring.conditions import Facts, holds

RESULTS = ("required", "recommended", "to_check", "not_required")


@dataclass(frozen=True)
class Change:
    """One answer that, given otherwise, would lead to another result."""

    question: Question
    answer: str
    label: Text | None
    result: str


@dataclass(frozen=True)
class Result:
    """Of one instrument: the rule that holds, and what would change it (one other answer, if one is enough)."""

    outcome: Outcome
    rule: OutcomeRule
    change: Change | None

    @property
    def result(self) -> str:
        return self.rule.result


def results(questionnaire: Questionnaire, answers: Answers, facts: Facts) -> tuple[Result, ...]:
    reading = Reading(questionnaire, answers, facts)
    found = []
    for outcome in questionnaire.outcomes:
        rule = _rule(outcome, reading)
        found.append(Result(outcome, rule, _change(outcome, rule.result, questionnaire, answers, facts)))
    return tuple(found)


def _rule(outcome: Outcome, reading: Reading) -> OutcomeRule:
    return next(rule for rule in outcome.rules if holds(rule.when, reading))


def _change(
    outcome: Outcome, result: str, questionnaire: Questionnaire, answers: Answers, facts: Facts
) -> Change | None:
    """Tried, not written in the data: what is said is always true. The most telling first: towards fewer duties."""
    found = []
    for question in questionnaire.questions:
        for value, code, label in _others(question, answers):
            other = _rule(outcome, Reading(questionnaire, {**answers, question.id: value}, facts)).result
            if other != result:
                found.append(Change(question, code, label, other))
    wanted = (*reversed(RESULTS),) if result in RESULTS[:2] else RESULTS
    return min(found, key=lambda change: wanted.index(change.result), default=None)


def _others(question: Question, answers: Answers) -> Iterator[tuple[object, str, Text | None]]:
    """Each other single answer to a question of choice: as stored, its code, its words."""
    given = answers.get(question.id)
    if question.kind == "yes_no_unsure":
        yield from ((code, code, None) for code in ("no", "yes") if code != given)
    elif question.kind in {"single_choice", "multiple_choice"}:
        for option in _tellable(question):
            value: object = [option.code] if question.kind == "multiple_choice" else option.code
            if value != given:
                yield value, option.code, option.label


def _tellable(question: Question) -> list[Option]:
    """Nobody is told to answer «I do not know»."""
    return [option for option in question.options if option.code != "unsure"]
