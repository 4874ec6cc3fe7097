"""The whole record as its pages show it: sections with what is still wanted, rows in a line each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.text import reader_language
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field, Part, Section
from registry.models import AISystem, FieldVisibility
from registry.models.rows import RowValues, rows_of
from registry.public.facts import answers_of, progress_of
from registry.rules.attention import Progress, is_row_required
from registry.serializers.history_entries import language_of
from registry.services.answers import shown_value
from registry.services.visibility import CHOICES, chosen_visibilities, may_be


@dataclass(frozen=True)
class RowText:
    """One answer of a row in words; `language` is that of the text when it is not the reader's."""

    label: str
    text: str
    language: str


@dataclass(frozen=True)
class RowLine:
    """One row: what it is called, and its other answers."""

    uuid: str
    title: RowText
    details: tuple[RowText, ...]


@dataclass(frozen=True)
class PartList:
    """The rows of one part, with the words that invite to add one. `is_wanted`: a row is missing now."""

    code: str
    label: str
    add: str
    empty: str
    rows: tuple[RowLine, ...]
    is_wanted: bool = False
    from_when: str = ""


@dataclass(frozen=True)
class SectionState:
    """One section in the list of the record: how far it is."""

    code: str
    title: str
    progress: Progress
    rows: int


def section_states(system: AISystem) -> list[SectionState]:
    """Every section, in the order of the citizen's questions, with the number of its rows."""
    rows = rows_of(system)
    return [
        SectionState(
            each.section,
            CATALOGUE.section(each.section).question[reader_language()],
            each,
            sum(len(rows[part.code]) for part in CATALOGUE.parts_in(each.section)),
        )
        for each in progress_of(system)
    ]


def asked_from(asked: Field | Part) -> str:
    """From when the answer is wanted, and at which level of attention; nothing when it never is."""
    if isinstance(asked, Field) and asked.mandatory_for:
        return _("Asked of every declaration.") if "declaration" in asked.mandatory_for else ""
    if asked.required_from is None:
        return ""
    phase = CATALOGUE.field("phase").choice(asked.required_from.phase).label[reader_language()]
    sentences = {
        "low": _("Wanted from the phase “%(phase)s” on."),
        "moderate": _("Wanted from the phase “%(phase)s” on, when the level of attention is moderate or high."),
        "high": _("Wanted from the phase “%(phase)s” on, when the level of attention is high."),
    }
    return sentences[asked.required_from.attention] % {"phase": phase}


def visibility_label(code: str) -> str:
    return {"public": _("Public"), "on_request": _("On request"), "internal": _("Internal")}[code]


@dataclass(frozen=True)
class VisibilityRow:
    """Who may read one field: what is proposed and why, what the body decided and why, who and when."""

    code: str
    label: str
    proposed: str
    proposed_reason: str
    shown: str
    decided: FieldVisibility | None
    may_change: bool


def visibility_row(system: AISystem, field: Field) -> VisibilityRow:
    """`system` with its visibilities and who set them, fetched once for the page."""
    decided = next((row for row in system.visibilities.all() if row.field == field.code), None)
    language = reader_language()
    return VisibilityRow(
        field.code,
        field.label[language],
        visibility_label(field.visibility),
        field.visibility_reason[language],
        visibility_label(decided.visibility if decided else field.visibility),
        decided,
        sum(may_be(field, each) for each in CHOICES) > 1,
    )


def visibility_sections(system: AISystem) -> list[tuple[str, list[VisibilityRow]]]:
    """Every field, under the citizen's question it answers."""
    return [
        (
            section.question[reader_language()],
            [visibility_row(system, field) for field in CATALOGUE.in_section(section.code)],
        )
        for section in CATALOGUE.sections
    ]


def shown_to(system: AISystem, fields: Iterable[Field]) -> dict[str, str]:
    """Field → who may read it, in a word."""
    chosen = chosen_visibilities(system)
    return {field.code: visibility_label(chosen.get(field.code, field.visibility)) for field in fields}


def section_progress(system: AISystem, code: str) -> Progress:
    return next(each for each in progress_of(system) if each.section == code)


def neighbours(code: str) -> tuple[Section | None, Section | None]:
    """The sections before and after this one."""
    codes = [each.code for each in CATALOGUE.sections]
    place = codes.index(code)
    before = CATALOGUE.sections[place - 1] if place else None
    after = CATALOGUE.sections[place + 1] if place + 1 < len(codes) else None
    return before, after


def part_lists(system: AISystem, section: str) -> list[PartList]:
    """As the person who writes them sees them: which are wanted now, and from when on."""
    parts = CATALOGUE.parts_in(section)
    rows, answers = rows_of(system) if parts else {}, answers_of(system)
    return [
        replace(
            part_list(part, rows[part.code], system.organization),
            is_wanted=is_row_required(part, answers) and not rows[part.code],
            from_when=asked_from(part),
        )
        for part in parts
    ]


def part_list(part: Part, rows: Iterable[RowValues], body: Organization) -> PartList:
    language = reader_language()
    fields = part.asked(in_english=body.publishes_in_english)
    lines = tuple(_line(fields, row) for row in rows)
    return PartList(part.code, part.label[language], part.add[language], part.empty[language], lines)


def _line(fields: Iterable[Field], row: RowValues) -> RowLine:
    """A row has its first answer, or the database would not hold it."""
    told = [RowText(field.label[reader_language()], _words(field, row), language_of(field)) for field in fields]
    title, *details = (each for each in told if each.text)
    return RowLine(row.uuid, title, tuple(details))


def _words(field: Field, row: RowValues) -> str:
    return row.names[field.code] if field.kind == "row" else shown_value(field, row.values[field.code])
