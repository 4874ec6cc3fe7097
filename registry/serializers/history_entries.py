"""One line of a history, whatever it tells."""

from dataclasses import dataclass, field
from datetime import date, datetime

from core.text import reader_language
from registry.field_catalogue import Field


@dataclass(frozen=True)
class FieldChange:
    """One answer before and after; `language` is that of the text when it is not the reader's."""

    label: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the history: an act, or what one person changed in one sitting. `day`: since when what is told has
    been so, where the act says it.
    """

    at: datetime
    who: str
    title: str
    detail: str = ""
    changes: tuple[FieldChange, ...] = field(default_factory=tuple)
    day: date | None = None


def language_of(code: Field) -> str:
    """Of the text of a field, where it differs from the reader's language."""
    language = code.code[-2:] if code.code.endswith(("_fr", "_en")) else ""
    return language if language != reader_language() else ""
