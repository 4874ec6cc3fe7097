"""What a questionnaire asks, once these answers are given: questions shown, answers that wait in the dark, depth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assessments.questionnaires import DEPTHS, Measure, Option, Question, Questionnaire, Risk, Section, Text
from assessments.scoring.conditions import Facts, chosen, holds
from assessments.scoring.leaves import flat_of, whole_of

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
    other questions, nor for progress, nor for levels. The same holds inside an answer, for options, lines, risks and
    measures that are not offered. `today`: by which the next review is near or not; none: that is not looked at.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Answers,
        facts: Facts,
        *,
        depth: str = "",
        today: date | None = None,
    ) -> None:
        self.questionnaire, self.answers, self.facts = questionnaire, answers, facts
        self.chosen_depth, self.today = depth, today
        self._asked: dict[str, bool] = {}
        self._sections: dict[str, bool] = {}
        self._values: dict[str, Any] = {}

    def value_of(self, question: str) -> Any:
        """What counts of the answer, if it is given and asked for."""
        if question not in self._values:
            asked, value = self.questionnaire.by_id.get(question), self.answers.get(question)
            is_given = asked is not None and value is not None and self.is_asked(asked)
            self._values[question] = self._offered(asked, value) if asked and is_given else None
        return self._values[question]

    def _offered(self, question: Question, value: Any) -> Any:
        lines, codes = self.lines_hidden(question), self.codes_hidden(question)
        if not lines and not codes:
            return value
        flat = flat_of(question, value)
        left = {path: each for path, each in flat.items() if path.partition(".")[0] not in lines}
        counts = {path: _without(each, codes) if is_choice(path) else each for path, each in left.items()}
        return whole_of(question, counts)

    def lines_hidden(self, question: Question) -> frozenset[str]:
        """Lines, risks or measures of the catalogue that its answer may hold and that are not offered now."""
        lines: tuple[tuple[Any, ...], tuple[Any, ...]]
        if question.kind == "risk_list":
            lines = (self.questionnaire.risks, self.risks)
        elif question.kind == "measures":
            lines = (self.questionnaire.measures, self.measures)
        else:
            lines = (question.lines, self.lines_of(question))
        every, offered = ({line.code for line in each} for each in lines)
        return frozenset(every - offered)

    def codes_hidden(self, question: Question) -> frozenset[str]:
        """Options, or measures that lower a risk, that are not offered now."""
        if question.kind == "risk_list":
            return frozenset(each.code for each in self.questionnaire.measures) - {each.code for each in self.measures}
        return frozenset(each.code for each in question.options) - {each.code for each in self.options_of(question)}

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
        """The answers that count, and of each what counts."""
        values = ((question.id, self.value_of(question.id)) for question in self.asked)
        return {code: value for code, value in values if value is not None}

    @cached_property
    def parts_aside(self) -> tuple[tuple[Question, str], ...]:
        """(question, path of a leaf): answered, inside an answer that counts, and not offered any more."""
        found: list[tuple[Question, str]] = []
        for question in self.asked:
            value = self.answers.get(question.id)
            if value is not None and value != self.value_of(question.id):
                stored, counts = flat_of(question, value), flat_of(question, self.value_of(question.id))
                found += [(question, path) for path, each in stored.items() if counts.get(path) != each]
        return tuple(found)

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


def is_choice(path: str) -> bool:
    """The leaves that hold codes of options, or of measures that lower a risk; a text may be the same word."""
    return path in {"", "choice", "events"} or path.endswith(".measures")


def _without(value: Any, codes: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [each for each in value if each not in codes]
    return "" if isinstance(value, str) and value in codes else value


def newly_asked(before: Reading, after: Reading) -> Iterator[Question]:
    """What an answer brought."""
    shown = {question.id for question in before.asked}
    return (question for question in after.asked if question.id not in shown)
