"""One line of the list of systems, in the reader's words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.rules.attention import WEIGHED, Attention, attention

COLOURS = {Attention.LOW: "outline", Attention.MODERATE: "yellow", Attention.HIGH: "orange"}


@dataclass(frozen=True)
class ListRow:
    """`attention` and its colour; `phase` is empty while a draft has none."""

    system: AISystem
    phase: str
    attention: str
    colour: str


def list_rows(systems: Iterable[AISystem]) -> Iterator[ListRow]:
    """Of systems read with what weighs on their level of attention."""
    phases = dict(CATALOGUE.choices("phase", reader_language()))
    levels = {Attention.LOW: _("Low"), Attention.MODERATE: _("Moderate"), Attention.HIGH: _("High")}
    for system in systems:
        level = attention({code: system.value(code) for code in WEIGHED}).level
        yield ListRow(system, phases.get(system.phase, ""), levels[level], COLOURS[level])
