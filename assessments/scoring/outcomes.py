"""What a screening says of each other assessment, and the one answer that would change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.questionnaires import Outcome, Question, Questionnaire, Text
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
    now = Reading(questionnaire, answers, facts)
    for question in now.asked:
        for value, code, label in _others(question, now):
            other = _rule(outcome, Reading(questionnaire, {**answers, question.id: value}, facts)).result
            if other != result:
                found.append(Change(question, code, label, other))
    wanted = (*reversed(RESULTS),) if result in RESULTS[:2] else RESULTS
    return min(found, key=lambda change: wanted.index(change.result), default=None)


def _others(question: Question, now: Reading) -> Iterator[tuple[object, str, Text | None]]:
    """Each other single answer to a question of choice: as stored, its code, its words."""
    given = now.answers.get(question.id)
    if question.kind == "yes_no_unsure":
        yield from ((code, code, None) for code in ("no", "yes") if code != given)
    elif question.kind in {"single_choice", "multiple_choice", "choice_with_text"}:
        for option in now.options_of(question):
            value = _as_stored(question, option.code, given)
            if value != given and option.code != "unsure":  # nobody is told to answer «I do not know»
                yield value, option.code, option.label


def _as_stored(question: Question, code: str, given: Any) -> object:
    if question.kind == "multiple_choice":
        return [code]
    return {**(given or {}), "choice": code} if question.kind == "choice_with_text" else code
