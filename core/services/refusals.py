"""How a service says no. Each refusal is one sentence in the reader's language that says what to do."""

from dataclasses import dataclass, field

from core.models import Versioned


class Refusal(Exception):
    """A service refuses; nothing was written. `sentence` is for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refusal):
    """The person's roles do not permit it (403)."""


class NotPossibleNow(Refusal):
    """The state does not permit it (409)."""


class InvalidInput(Refusal):
    """A value the service cannot accept, that the form did not see (422). `field` names it."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: what is stored now and what this person typed."""

    field: str
    label: str
    stored: str
    typed: str


@dataclass
class EditConflict(Exception):
    """Somebody saved between this person's reading and writing (409). Both texts are shown and nothing is dropped."""

    current_version: int
    differences: list[Difference] = field(default_factory=list)


def check_version(thing: Versioned, expected: int, differences: list[Difference]) -> None:
    """Raise `EditConflict` when `thing` moved on since `expected` and both touched the same field."""
    if thing.version != expected and differences:
        raise EditConflict(thing.version, differences)
