"""The page of the phase: earlier changes and what is wanted now, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.public.facts import progress_of
from registry.rules.gates import GateRefusal
from registry.services.lifecycle import PossibleMove

MOST_SHOWN = 10


@dataclass(frozen=True)
class PastChange:
    """One line of «Earlier changes»."""

    label: str
    day: date
    reason: str


@dataclass(frozen=True)
class SharedRefusal:
    """What gates say before several phases, said once. `before`: the phases, in words."""

    refusal: GateRefusal
    before: tuple[str, ...]


@dataclass(frozen=True)
class MoveShown:
    """One phase, with what stands before it and before no other."""

    possible: PossibleMove
    own: tuple[GateRefusal, ...]


@dataclass(frozen=True)
class SectionWanted:
    """One section where answers wanted at this phase are missing."""

    section: str
    question: str
    done: int
    required: int


def past_changes(system: AISystem) -> list[PastChange]:
    labels = dict(CATALOGUE.choices("phase", reader_language()))
    rows = system.phase_changes.all()[:MOST_SHOWN]
    return [
        PastChange(f"{labels.get(row.source, '')} → {labels[row.target]}", row.happened_on, row.reason) for row in rows
    ]


def said_once(moves: Sequence[PossibleMove]) -> tuple[list[SharedRefusal], list[MoveShown]]:
    """What stands before several phases apart, with those phases; then each phase with its own."""
    before: dict[GateRefusal, list[str]] = {}
    for each in moves:
        for refusal in each.refusals:
            before.setdefault(refusal, []).append(each.label)
    shared = [SharedRefusal(refusal, tuple(labels)) for refusal, labels in before.items() if len(labels) > 1]
    own = [MoveShown(each, tuple(one for one in each.refusals if len(before[one]) == 1)) for each in moves]
    return shared, own


def phase_since(system: AISystem) -> date | None:
    """The day of the last change of phase, as the person who made it told it."""
    latest = system.phase_changes.first() if system.is_declared else None
    return latest.happened_on if latest else None


def sections_wanting(system: AISystem) -> list[SectionWanted]:
    language = reader_language()
    return [
        SectionWanted(each.section, CATALOGUE.section(each.section).question[language], each.done, each.required)
        for each in progress_of(system)
        if each.missing
    ]
