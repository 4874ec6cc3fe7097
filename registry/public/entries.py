"""Ways into the register for whoever does not know the word: the moments of a life, fed by the answers of sheets."""

from dataclasses import dataclass

from core.text import Localized, pick
from registry.field_catalogue import CATALOGUE
from registry.public.search.facets import RegisterCounts

FIELD = "life_events"


@dataclass(frozen=True)
class Entry:
    """One moment: what it is called, what it holds, how many systems say that they are met there."""

    code: str
    label: Localized
    explanation: Localized
    count: int


def life_event_entries(counts: RegisterCounts) -> list[Entry]:
    """All of them, those without a system too: a citizen sees that nothing is declared there. No query."""
    of_event = counts.get(FIELD, {})
    choices = [choice for choice in CATALOGUE.field(FIELD).choices if not choice.exclusive]
    return [
        Entry(choice.code, pick(dict(choice.label)), pick(dict(choice.explanation)), of_event.get(choice.code, 0))
        for choice in choices
    ]
