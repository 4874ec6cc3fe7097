"""Codes of published documents, in the reader's words."""

from dataclasses import dataclass

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Choice, Field
from registry.workflow import PublicationKind

# What a public version may be.
VERSION_KINDS = tuple(each.value for each in PublicationKind)

# Their explanations help whoever reads; those of the other fields speak to whoever fills in the form.
EXPLAINED = frozenset({"autonomy", "affected", "phase", "category"})
# Fields whose codes are words that the glossary defines. The codes of the others say themselves (registry/public/
# glossary.py gives the reason for each).
DEFINED = frozenset({
    "phase", "autonomy", "category", "technique", "affected", "users", "life_events", "territory", "harms",
    "sensitive_information", "procurement", "origin", "source_code", "strategy_objectives", "principle", "roles",
    "target",
})  # fmt: skip
# Answers that are no words of the field: they mean something beside their question only.
ANSWERS = frozenset({"yes", "no", "unsure", "partly", "planned", "not_applicable", "other", "none", "unknown"})


@dataclass(frozen=True)
class Coded:
    """One code and what it means for the public. `anchor`: where the glossary defines it, if it does."""

    code: str
    label: str
    explanation: str = ""
    anchor: str = ""


def coded(field: str, code: str) -> Coded:
    """A code of an older or newer catalogue is shown as it is: a published version never changes."""
    return coded_in(CATALOGUE.field(field), code)


def coded_in(field: Field, code: str) -> Coded:
    """The same for a field of a row, which the list of a system's fields does not hold."""
    choice = _choice(field, code)
    if choice is None:
        return Coded(code, code)
    language = reader_language()
    explanation = choice.explanation[language] if field.code in EXPLAINED else ""
    return Coded(code, choice.public_label[language], explanation, anchor_of(field, choice))


def anchor_of(field: Field, choice: Choice) -> str:
    """Address of the definition on the page of the glossary; it never changes."""
    return f"{field.code}-{choice.code}" if field.code in DEFINED and choice.code not in ANSWERS else ""


def public_choices(field: str) -> list[tuple[str, str]]:
    """(code, label) pairs for a filter, in the order of the catalogue."""
    language = reader_language()
    return [(choice.code, choice.public_label[language]) for choice in CATALOGUE.field(field).choices]


def _choice(field: Field, code: str) -> Choice | None:
    return next((choice for choice in field.choices if choice.code == code), None)
