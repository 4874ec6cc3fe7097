"""What a questionnaire is made of, as read from its data file. Pure: neither framework nor database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Text = Mapping[str, str]
Condition = Mapping[str, Any]
"""`visible_when` as data: {all|any: [...]}, {not: …}, {answer: id, in: […]}, {fact: name, in: […]}…"""

DEPTHS = ("short", "normal", "full")
"""From the fewest questions to all of them."""

YES_NO_UNSURE = ("yes", "no", "unsure")


@dataclass(frozen=True)
class Source:
    """Where a rule comes from (an article, a direction), its origin and how sure we are of what it says."""

    code: str
    label: Text
    origin: str
    certainty: str


@dataclass(frozen=True)
class Option:
    """One answer one may choose, or one line of a grid. `points`: what it weighs in a score or in the depth."""

    code: str
    label: Text
    help: Text | None
    points: float
    exclusive: bool
    visible_when: Condition | None


@dataclass(frozen=True)
class Column:
    """One column of a table of repeating rows."""

    code: str
    label: Text
    kind: str
    options: tuple[Option, ...]
    required: bool


@dataclass(frozen=True)
class Prefill:
    """Where an answer is known already: offered, then accepted or changed, never copied by itself.

    `source`: system, body, rows or assessment; `codes`: their code → ours, none: as it is; `columns`: ours → theirs.
    """

    source: str
    field: str
    instrument: str
    codes: Mapping[str, str] | None
    unmapped: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question. `depth`: the least depth at which it is asked; `required`: wanted whenever it is asked."""

    id: str
    section: str
    kind: str
    label: Text
    help: Text | None
    example: Text | None
    required: bool
    depth: str
    visible_when: Condition | None
    options: tuple[Option, ...]
    lines: tuple[Option, ...]
    scale: tuple[Option, ...]
    columns: tuple[Column, ...]
    links: tuple[str, ...]
    max_length: int | None
    at_most: float | None
    unit: Text | None
    public: bool
    prefill: tuple[Prefill, ...]
    refs: tuple[str, ...]
    terms: tuple[str, ...]
    standards: Mapping[str, tuple[str | int, ...]]


@dataclass(frozen=True)
class Section:
    """Some questions under one title. `part`: where they stand in the documents made of the answers."""

    code: str
    title: Text
    purpose: Text
    part: str
    visible_when: Condition | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Part:
    code: str
    title: Text


@dataclass(frozen=True)
class Degree:
    """One step of severity or of likelihood, 1 to 4."""

    number: int
    label: Text
    explanation: Text


@dataclass(frozen=True)
class RiskLevel:
    """`cells`: the pairs (severity, likelihood) that make this level."""

    code: str
    label: Text
    cells: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Matrix:
    """Severity × likelihood, rated at three moments: before measures, now, residual."""

    severity: tuple[Degree, ...]
    likelihood: tuple[Degree, ...]
    levels: tuple[RiskLevel, ...]
    moments: tuple[tuple[str, Text], ...]

    def level(self, severity: int, likelihood: int) -> RiskLevel:
        """KeyError for a pair outside 1–4."""
        for level in self.levels:
            if (severity, likelihood) in level.cells:
                return level
        raise KeyError((severity, likelihood))


@dataclass(frozen=True)
class Risk:
    code: str
    label: Text
    explanation: Text
    depth: str
    visible_when: Condition | None
    standards: Mapping[str, tuple[str | int, ...]]


@dataclass(frozen=True)
class Measure:
    """One way to lower some risks, of the catalogue."""

    code: str
    label: Text
    help: Text | None
    family: str
    risks: tuple[str, ...]
    visible_when: Condition | None


@dataclass(frozen=True)
class DepthRule:
    """`floor`: the least depth permitted, not only the one recommended."""

    depth: str
    when: Condition
    because: Text
    floor: bool


@dataclass(frozen=True)
class DepthChoice:
    """How much is asked, from the factors; the first rule that holds, else `otherwise`."""

    factors: tuple[str, ...]
    explanation: Text
    refs: tuple[str, ...]
    rules: tuple[DepthRule, ...]
    otherwise: str


@dataclass(frozen=True)
class OutcomeRule:
    """`when` None: whenever no rule before it holds."""

    result: str
    when: Condition | None
    sentence: Text
    refs: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """Whether another assessment is required, by the first rule that holds."""

    instrument: str
    label: Text
    signed_when_not_required: bool
    rules: tuple[OutcomeRule, ...]


@dataclass(frozen=True)
class ScoreLevel:
    code: str
    label: Text
    start: float


@dataclass(frozen=True)
class Questionnaire:
    """One version of one instrument, whole."""

    id: str
    version: str
    title: Text
    short_title: Text
    purpose: Text | None
    notice: Text | None
    issued: str
    source_url: str | None
    licence: str
    replaces: str | None
    score_levels: tuple[ScoreLevel, ...]
    depth: DepthChoice | None
    sources: Mapping[str, Source]
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    matrix: Matrix | None
    risks: tuple[Risk, ...]
    measures: tuple[Measure, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        """`efvp/1.0`."""
        return f"{self.id}/{self.version}"

    @property
    def questions(self) -> Iterator[Question]:
        """In the order they are asked."""
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, code: str) -> Question:
        """KeyError for an id of another version."""
        return self.by_id[code]

    def section(self, code: str) -> Section:
        """KeyError if there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    @cached_property
    def risk_question(self) -> Question | None:
        return next((question for question in self.questions if question.kind == "risk_list"), None)
