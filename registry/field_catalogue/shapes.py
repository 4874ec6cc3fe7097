"""What the field catalogue holds, in objects that nobody can change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

Text = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """One answer a person may choose; `standards` gives its code elsewhere, absent where none says the same.

    `public_label` is said by the body to citizens; it differs from `label` only where the form speaks as «je».
    `public_explanation` differs from `explanation` only where the form speaks to whoever fills it in.
    """

    code: str
    label: Text
    public_label: Text
    explanation: Text
    public_explanation: Text
    standards: Mapping[str, str]
    approximate: frozenset[str]
    exclusive: bool


@dataclass(frozen=True)
class Requirement:
    """From this phase of its life on, and at this level of attention or above, a system is asked for the answer."""

    phase: str
    attention: str


@dataclass(frozen=True)
class Field:
    """One field of a system, or of one of its rows, in the words of the form.

    `twin` is its English column, `twin_of` the French one. `asked_first`: on the page of the declaration; the others
    wait on the pages of their sections. `asked_when`: a rule that must hold for the question to have a meaning.
    """

    code: str
    section: str
    kind: str
    label: Text
    question: Text
    help: Text
    example: Text
    visibility: str
    visibility_reason: Text
    may_be_public: bool
    mandatory_for: frozenset[str]
    required_from: "Requirement | None"
    asked_first: bool
    asked_when: str
    max_length: int | None
    twin: str | None
    twin_of: str | None
    standards: Mapping[str, str]
    approximate: frozenset[str]
    choices: tuple[Choice, ...]

    def choice(self, code: str) -> Choice:
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(f"{self.code} has no choice {code!r}")

    def in_order(self, value: Any) -> Any:
        """A list of codes means a set: in the order of the choices, each once; those of another catalogue come last."""
        if not isinstance(value, (list, tuple)):
            return value
        known = [choice.code for choice in self.choices if choice.code in value]
        return known + [code for code in dict.fromkeys(value) if code not in known]

    def is_same(self, one: Any, other: Any) -> bool:
        """The same answer: lists of codes were not always stored in the order of the choices."""
        return bool(_as_set(one) == _as_set(other))


def _as_set(value: Any) -> Any:
    return frozenset(value) if isinstance(value, (list, tuple)) else value


def with_twins(fields: Iterable[Field], twins: Iterable[Field], *, in_english: bool) -> tuple[Field, ...]:
    """Each field, its English twin right under it; none where the language directive of the body keeps it to French."""
    english = {twin.twin_of: twin for twin in twins if in_english}
    return tuple(each for field in fields for each in (field, english.get(field.code)) if each)


@dataclass(frozen=True)
class Part:
    """What a system has several of, each in one row: data sets, hosting sites, recourses… English twins apart.

    `required_from`: when one row at least is wanted; `asked_when` «people»: of a system that is about people.
    """

    code: str
    section: str
    label: Text
    one: Text
    add: Text
    help: Text
    empty: Text
    required_from: Requirement | None
    asked_when: str
    fields: tuple[Field, ...]
    twins: tuple[Field, ...]

    @property
    def columns(self) -> tuple[Field, ...]:
        """Every column of its table."""
        return (*self.fields, *self.twins)

    def asked(self, *, in_english: bool) -> tuple[Field, ...]:
        return with_twins(self.fields, self.twins, in_english=in_english)

    def field(self, code: str) -> Field:
        """The field or English twin of this code; KeyError if there is none."""
        for field in self.columns:
            if field.code == code:
                return field
        raise KeyError(f"{self.code} has no field {code!r}")


@dataclass(frozen=True)
class Section:
    """One of the citizen's questions."""

    code: str
    question: Text


@dataclass(frozen=True)
class SheetAnswer:
    """One of the six answers without which the public site shows a line and no sheet."""

    code: str
    label: Text
    fields: tuple[str, ...]
    organization_fields: tuple[str, ...]
    not_enough: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Standard:
    """Another register, and how sure we are of its field names."""

    code: str
    name: Text
    certainty: str


@dataclass(frozen=True)
class Catalogue:
    """The whole data file; `fields` in the order of the declaration, English twins apart. `shared`: what several bodies
    use, described outside any system (a solution, the claims of its supplier).
    """

    version: str
    standards: tuple[Standard, ...]
    sections: tuple[Section, ...]
    sheet_answers: tuple[SheetAnswer, ...]
    fields: tuple[Field, ...]
    twins: tuple[Field, ...]
    parts: tuple[Part, ...]
    shared: tuple[Part, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Field]:
        return MappingProxyType({field.code: field for field in (*self.fields, *self.twins)})

    def field(self, code: str) -> Field:
        """The field or English twin of this code; KeyError if there is none."""
        return self._by_code[code]

    def asked(self, fields: Iterable[Field], *, in_english: bool) -> tuple[Field, ...]:
        return with_twins(fields, self.twins, in_english=in_english)

    def label(self, code: str, language: str) -> str:
        return self.field(code).label[language]

    def choices(self, code: str, language: str) -> tuple[tuple[str, str], ...]:
        """(code, label) pairs, in the order they are shown."""
        return tuple((choice.code, choice.label[language]) for choice in self.field(code).choices)

    def mandatory(self, moment: str) -> tuple[Field, ...]:
        """The fields that a `declaration` or a `sheet` cannot do without."""
        return tuple(field for field in self.fields if moment in field.mandatory_for)

    def part(self, code: str) -> Part:
        """The rows of this code; KeyError if there are none."""
        for part in self.parts:
            if part.code == code:
                return part
        raise KeyError(code)

    def shared_part(self, code: str) -> Part:
        for part in self.shared:
            if part.code == code:
                return part
        raise KeyError(code)

    def section(self, code: str) -> Section:
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    def parts_in(self, section: str) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.section == section)

    def in_section(self, code: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.section == code)
