"""What a questionnaire asks, once these answers are given: questions shown, answers that wait in the dark, depth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.questionnaires import DEPTHS, Measure, Option, Question, Questionnaire, Risk, Section, Text
from assessments.scoring.conditions import Facts, chosen, holds

Answers = Mapping[str, Any]
"""Id of a question → its answer as stored."""


@dataclass(frozen=True)
class Depth:
    """How deep the answers go: `asked` holds; `floor` is the least; `recommended` and why; `chosen` by a person, or
    «».
    """

    asked: str
    recommended: str
    floor: str
    chosen: str
    because: tuple[Text, ...]


class Reading:
    """One questionnaire with what was answered and what is known of the record. Nothing here changes anything.

    The answer of a question that is not asked is kept by whoever stores it, and counts for nothing here: neither for
    other questions, nor for progress, nor for levels (`cascade`).
    """

    def __init__(self, questionnaire: Questionnaire, answers: Answers, facts: Facts, *, depth: str = "") -> None:
        self.questionnaire, self.answers, self.facts = questionnaire, answers, facts
        self.chosen_depth = depth
        self._asked: dict[str, bool] = {}
        self._sections: dict[str, bool] = {}

    def value_of(self, question: str) -> Any:
        """The answer, if it is given and asked for."""
        value = self.answers.get(question)
        if value is None or question not in self.questionnaire.by_id:
            return None
        return value if self.is_asked(self.questionnaire.by_id[question]) else None

    def points_of(self, question: str) -> float:
        codes = chosen(self.value_of(question))
        found = codes if isinstance(codes, list) else [codes]
        return sum(option.points for option in self.questionnaire.question(question).options if option.code in found)

    def is_asked(self, question: Question) -> bool:
        """Read once for each question: a condition reads only what is asked before it, so that this ends."""
        known = self._asked.get(question.id)
        if known is None:
            is_deep = question.depth != DEPTHS[0] and not self._reaches(question.depth)
            known = not is_deep and self._is_open(question.section) and holds(question.visible_when, self)
            self._asked[question.id] = known
        return known

    def _is_open(self, section: str) -> bool:
        if section not in self._sections:
            self._sections[section] = holds(self.questionnaire.section(section).visible_when, self)
        return self._sections[section]

    def _reaches(self, depth: str) -> bool:
        return DEPTHS.index(depth) <= DEPTHS.index(self.depth.asked)

    @cached_property
    def depth(self) -> Depth:
        """Everything is asked of an instrument that has no rule of depth. Its rules read questions that are always
        asked.
        """
        rule = self.questionnaire.depth
        if rule is None:
            return Depth(DEPTHS[-1], DEPTHS[-1], DEPTHS[0], "", ())
        held = [each for each in rule.rules if holds(each.when, self)]
        floors = [each for each in held if each.floor]
        floor = max((each.depth for each in floors), key=DEPTHS.index, default=DEPTHS[0])
        first = held[0].depth if held else rule.otherwise
        recommended = max(first, floor, key=DEPTHS.index)
        because = dict.fromkeys(
            id(each.because) for each in held if each.depth == recommended and (each.floor or each is held[0])
        )
        told = tuple(each.because for each in held if id(each.because) in because)
        asked = max(self.chosen_depth or recommended, floor, key=DEPTHS.index)
        return Depth(asked, recommended, floor, self.chosen_depth, told)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """In their order."""
        return tuple(question for question in self.questionnaire.questions if self.is_asked(question))

    def asked_in(self, section: Section) -> tuple[Question, ...]:
        return tuple(question for question in section.questions if self.is_asked(question))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Those that ask something."""
        return tuple(section for section in self.questionnaire.sections if self.asked_in(section))

    @cached_property
    def kept_aside(self) -> tuple[Question, ...]:
        """Answered, and not asked any more: kept until submission, counted nowhere."""
        answered = (question for question in self.questionnaire.questions if self.answers.get(question.id) is not None)
        return tuple(question for question in answered if not self.is_asked(question))

    @cached_property
    def counted(self) -> dict[str, Any]:
        """The answers that count."""
        return {question.id: self.answers[question.id] for question in self.asked if question.id in self.answers}

    def options_of(self, question: Question) -> tuple[Option, ...]:
        return tuple(option for option in question.options if holds(option.visible_when, self))

    def lines_of(self, question: Question) -> tuple[Option, ...]:
        return tuple(line for line in question.lines if holds(line.visible_when, self))

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        return tuple(risk for risk in self.questionnaire.risks if self._reaches(risk.depth) and self._has(risk))

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.questionnaire.measures if self._has(measure))

    def _has(self, row: Risk | Measure) -> bool:
        return holds(row.visible_when, self)


def newly_asked(before: Reading, after: Reading) -> Iterator[Question]:
    """What an answer brought."""
    shown = {question.id for question in before.asked}
    return (question for question in after.asked if question.id not in shown)
