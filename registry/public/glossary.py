"""The public glossary: the terms of the field, and every code of a sheet that is a word, with its definition."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field
from registry.field_catalogue.glossary import TERMS, Source, Term
from registry.public.codes import anchor_of

# Coded fields whose answers are not defined here, with the reason.
NOT_WORDS: Mapping[str, str] = {
    **dict.fromkeys(["volume", "cost_planned", "cost_actual"], "a band of numbers"),
    **dict.fromkeys(["supplier_country", "country", "operator_country"], "the name of a country"),
    **dict.fromkeys(
        [
            "notice", "affects_rights", "solely_automated", "personal_information", "is_ai", "has_personal_information",
            "was_stopped", "was_followed",
        ],
        "yes or no: the question is what must be understood, and its label leads to a term",
    ),
    **dict.fromkeys(["privacy_assessment", "impact_assessment"], "how far a piece of work is"),
}  # fmt: skip
JOINED = {"œ": "oe", "æ": "ae"}


@dataclass(frozen=True)
class Definition:
    """One entry. `of`: the field that a code answers, empty for a term."""

    anchor: str
    name: str
    text: str
    of: str = ""
    source: Source | None = None

    @property
    def order(self) -> tuple[str, str, str]:
        """As a French dictionary sorts: letters first, accents only between words of the same letters."""
        return letters_of(self.name), self.name.casefold(), self.of

    @property
    def letter(self) -> str:
        return letters_of(self.name)[:1].upper()


@dataclass(frozen=True)
class Letter:
    """The entries under one letter."""

    letter: str
    definitions: tuple[Definition, ...]


def letters_of(text: str) -> str:
    """Without accents, capitals, spaces or signs, as words are sorted and compared."""
    joined = "".join(JOINED.get(char, char) for char in text.casefold())
    return "".join(char for char in unicodedata.normalize("NFD", joined) if char.isalnum())


def glossary(words: str = "") -> list[Letter]:
    """Every definition, or those that have all these words, by letter. No query."""
    wanted = [letters for word in words.split() if (letters := letters_of(word))]
    found = [each for each, letters in _definitions(reader_language()) if all(word in letters for word in wanted)]
    return [Letter(letter, tuple(rows)) for letter, rows in groupby(found, key=lambda each: each.letter)]


def anchors() -> list[str]:
    return [definition.anchor for definition, _letters in _definitions(reader_language())]


@cache
def _definitions(language: str) -> tuple[tuple[Definition, str], ...]:
    """In their order, each with the letters that a search looks through. The data files do not change while we run."""
    found = [*_terms(language), *_codes(language)]
    ordered = sorted(found, key=lambda each: each.order)
    return tuple((each, letters_of(f"{each.name} {each.text} {each.of}")) for each in ordered)


def _terms(language: str) -> Iterator[Definition]:
    for term in TERMS:
        name = term.term[language]
        yield Definition(term.code, name[0].upper() + name[1:], term.definition[language], source=term.source)


def _codes(language: str) -> Iterator[Definition]:
    for field in coded_fields():
        for choice in field.choices:
            if anchor := anchor_of(field, choice):
                label, text = choice.public_label[language], choice.public_explanation[language]
                yield Definition(anchor, label, text, of=field.label[language])


def coded_fields() -> Iterator[Field]:
    """Fields of systems and of rows that have codes and that the public may read."""
    rows = [field for part in CATALOGUE.parts for field in part.fields]
    for field in (*CATALOGUE.fields, *rows):
        if field.choices and field.may_be_public:
            yield field


@cache
def _term_of() -> Mapping[str, Term]:
    return {field.removesuffix("_fr"): term for term in TERMS for field in term.fields}


def term_anchor(field: str) -> str:
    """Where the label of a field (its key in a document) or of a kind of rows is defined; empty when nowhere."""
    term = _term_of().get(field)
    return term.code if term else ""


def kind_anchor(kind: str) -> str:
    """Where a kind of publication is defined."""
    return next((term.code for term in TERMS if term.kind == kind), "")
