"""How a service says no. Each refusal is one sentence in the reader's language that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.models import Versioned


class Refusal(Exception):
    """A service refuses; nothing was written. `sentence` is for the person."""

    # (words, address) of the page that serves them instead, which the view that knows one adds.
    instead: tuple[str, str] | None = None

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refusal):
    """The person's roles do not permit it (403)."""


class NotPossibleNow(Refusal):
    """The state does not permit it (409). `existing`: the identifier of what is there already, for a program."""

    def __init__(self, sentence: str, *, existing: str = "") -> None:
        super().__init__(sentence)
        self.existing = existing


class InvalidInput(Refusal):
    """A value the service cannot accept, that the form did not see (422). `field` names it; `others`: those of the same
    sending that it cannot accept either, told at once.
    """

    def __init__(self, sentence: str, field: str = "", others: "Sequence[InvalidInput]" = ()) -> None:
        super().__init__(sentence)
        self.field = field
        self.every: tuple[InvalidInput, ...] = (self, *others)


class KeyReused(Refusal):
    """The key that makes an act happen once came with another request (422)."""


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: what is stored now and what this person typed, for the eye and as values;
    who wrote what is stored, and when.
    """

    field: str
    label: str
    stored: str
    typed: str
    stored_value: Any = None
    typed_value: Any = None
    by: str = ""
    at: datetime | None = None
    by_ref: str = ""

    @property
    def is_text(self) -> bool:
        """A text is shown to be corrected or joined; any other value is chosen: the one or the other."""
        if self.stored_value is None and self.typed_value is None:
            return True
        return bool(self.stored_value == self.stored and self.typed_value == self.typed)


@dataclass(frozen=True)
class Unsaved:
    """One answer that cannot be saved as it was typed, and why: it is given back to be corrected."""

    field: str
    label: str
    text: str
    sentence: str


@dataclass
class EditConflict(Exception):
    """Somebody saved between this person's reading and writing (409). Both texts are shown and nothing is dropped.

    `is_rest_saved`: the answers of the same sending that are not in dispute are saved, but for those in `unsaved`.
    """

    current_version: int
    differences: list[Difference] = field(default_factory=list)
    is_rest_saved: bool = False
    unsaved: list[Unsaved] = field(default_factory=list)

    def is_all_by(self, person: Any) -> bool:
        """Whoever reads wrote both texts: in another tab, or on another device."""
        ref = getattr(person, "actor_ref", "")
        return bool(ref and self.differences) and all(one.by_ref == ref for one in self.differences)


def check_length(text: str, model: type[models.Model], column: str, *, field: str = "") -> None:
    """Raise `InvalidInput` for a text longer than its column: forms say it first, other doors have no form."""
    most = getattr(model._meta.get_field(column), "max_length", None)
    if most is not None and len(text) > most:
        sentence = _("This text is too long: %(most)d characters at most.") % {"most": most}
        raise InvalidInput(sentence, field=field or column)


def check_version(thing: Versioned, expected: int, differences: list[Difference]) -> None:
    """Raise `EditConflict` when `thing` moved on since `expected` and both touched the same field."""
    if thing.version != expected and differences:
        raise EditConflict(thing.version, differences)


def check_unchanged(thing: Versioned, expected: int | None) -> None:
    """Raise `EditConflict` when anybody wrote to `thing`, that the caller has locked, since `expected`; None: what the
    person was shown is compared otherwise.
    """
    if expected is not None and thing.version != expected:
        raise EditConflict(thing.version)
