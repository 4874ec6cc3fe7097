"""What is still missing before an assessment can be submitted: by question, by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.questionnaires import Question, Section
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import flat_of as flat
from assessments.scoring.leaves import is_of_one_kind, row_keys
from assessments.scoring.risks import RiskProblem, risk_problems


@dataclass(frozen=True)
class SectionState:
    """How far one section is. `missing`: its mandatory questions that wait, in their order; `blocking`: rules of risks
    that do not hold there, without which nothing is submitted.
    """

    section: Section
    asked: int
    answered: int
    required: int
    missing: tuple[Question, ...]
    blocking: int = 0

    @property
    def done(self) -> int:
        return self.required - len(self.missing)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.blocking


@dataclass(frozen=True)
class Completeness:
    """Of a whole assessment: section by section, and the rules of risks that do not hold."""

    sections: tuple[SectionState, ...]
    problems: tuple[RiskProblem, ...]

    @property
    def missing(self) -> tuple[Question, ...]:
        return tuple(question for state in self.sections for question in state.missing)

    @property
    def required(self) -> int:
        return sum(state.required for state in self.sections)

    @property
    def done(self) -> int:
        return sum(state.done for state in self.sections)

    @property
    def blocking(self) -> tuple[RiskProblem, ...]:
        """Those without which the assessment is not finished; the others wait for a person's word at the decision."""
        return tuple(problem for problem in self.problems if problem.blocks_submission)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.blocking

    def state(self, code: str) -> SectionState | None:
        return next((state for state in self.sections if state.section.code == code), None)


def completeness(reading: Reading) -> Completeness:
    problems = risk_problems(reading)
    risks = reading.questionnaire.risk_question
    places = [problem.question or (risks.id if risks else "") for problem in problems if problem.blocks_submission]
    return Completeness(tuple(section_state(reading, section, places) for section in reading.sections), problems)


def section_state(reading: Reading, section: Section, blocking: Sequence[str] = ()) -> SectionState:
    """`blocking`: the question of each rule of risks that does not hold."""
    asked = reading.asked_in(section)
    required = [question for question in asked if question.required]
    answered = {question.id for question in asked if is_answered(reading, question)}
    return SectionState(
        section=section,
        asked=len(asked),
        answered=len(answered),
        required=len(required),
        missing=tuple(question for question in required if question.id not in answered),
        blocking=sum(blocking.count(question.id) for question in asked),
    )


def is_answered(reading: Reading, question: Question) -> bool:
    """Something is there for a question of one leaf; a grid wants each of its lines, a table one row with what each
    row cannot do without, a question that links one reference, and the kind of each.
    """
    value = reading.value_of(question.id)
    if value is None:
        return False
    if question.kind == "table":
        return _rows_are_whole(question, value)
    if question.kind == "link":
        named = [row for row in value if row.get("reference")]
        return bool(named) and (is_of_one_kind(question) or all(row.get("kind") for row in named))
    if question.kind in {"checklist", "criteria_grid", "rating_grid"}:
        return all(_line_is_answered(question.kind, value.get(line.code)) for line in reading.lines_of(question))
    if question.kind == "risk_list":
        return all((value.get(risk.code) or {}).get("applies") for risk in reading.risks)
    leaves = {"choice_with_text": "choice", "person_delay": "function", "role": "function", "date_with_events": "date"}
    if question.kind in leaves:
        return bool(value.get(leaves[question.kind]))
    return True


def _line_is_answered(kind: str, value: Any) -> bool:
    if kind == "rating_grid":
        return bool(value)
    line: Mapping[str, Any] = value or {}
    if kind == "criteria_grid":
        return bool(line.get("verdict") and line.get("reason"))
    return bool(line.get("state"))


def _rows_are_whole(question: Question, value: list[Mapping[str, Any]]) -> bool:
    wanted = [column.code for column in question.columns if column.required]
    leaves = flat(question, value)
    return all(f"{key}.{code}" in leaves for key in row_keys(leaves) for code in wanted)
