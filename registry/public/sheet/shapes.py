"""What a sheet is made of once it is read: sections, answers, rows, versions."""

from dataclasses import dataclass
from datetime import date, datetime

from core.text import Localized
from registry.public.codes import Coded
from registry.public.glossary import term_anchor

# The drawing beside each of the citizen's questions; the words say the same.
ICONS = {
    "purpose": "target",
    "responsible": "building",
    "contact": "phone",
    "people": "people",
    "decision": "fork",
    "data": "data",
    "model": "chip",
    "risks": "warning",
    "rights": "shield",
    "performance": "gauge",
    "cost": "coin",
    "strategy": "compass",
    "life": "clock",
}


@dataclass(frozen=True)
class Elsewhere:
    """What one other standard calls a field, and its codes for what was answered."""

    standard: str
    certainty: str
    name: str
    codes: tuple[str, ...]
    is_approximate: bool


@dataclass(frozen=True)
class Answer:
    """One public field: a text, one or several codes, a date or a link; all empty when the body has not filled it in.

    `others`: the same text in the languages that the reader did not ask for. `is_on_request`: answered, and given by
    the body to whoever asks.
    """

    code: str
    label: str
    text: Localized
    chosen: tuple[Coded, ...] = ()
    day: date | None = None
    link: str = ""
    others: tuple[Localized, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    is_on_request: bool = False

    @property
    def term(self) -> str:
        """Where the glossary defines what the label says."""
        return term_anchor(self.code)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.chosen or self.day or self.link)


@dataclass(frozen=True)
class Row:
    """One data set, one recourse, one benefit… `title` names it; `measures` are those of a benefit, year by year."""

    identifier: str
    title: Answer
    answers: tuple[Answer, ...]
    note: str = ""
    measures: tuple["Measure", ...] = ()


@dataclass(frozen=True)
class Measure:
    """What a benefit was worth, and when; `kind`: before (`baseline`), the `target`, or the value of one year.

    `others`: the note in the languages that the reader did not ask for.
    """

    kind: str
    when: str
    value: str
    note: Localized
    others: tuple[Localized, ...] = ()


@dataclass(frozen=True)
class PartRows:
    """What a system has several of."""

    code: str
    label: str
    rows: tuple[Row, ...]

    @property
    def term(self) -> str:
        return term_anchor(self.code)


@dataclass(frozen=True)
class Section:
    """One of the citizen's questions and what answers it. `on_request`: labels of what the body gives to who asks."""

    code: str
    question: str
    answers: tuple[Answer, ...]
    parts: tuple[PartRows, ...] = ()
    on_request: tuple[str, ...] = ()

    @property
    def icon(self) -> str:
        return ICONS.get(self.code, "info")


@dataclass(frozen=True)
class Version:
    """One line of the history."""

    number: int
    kind: str
    is_major: bool
    note: Localized
    digest: str
    published_at: datetime
    had_second_look: bool


@dataclass(frozen=True)
class BodyThen:
    """The body as it was when this version was published."""

    sigle: str
    slug: str
    name: Localized
    regimes: tuple[str, ...]
    email: str
    phone: str
    postal_address: str
