"""Registres d'ailleurs: what other governments published, as they wrote it; never among ours nor counted with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from core.text import Localized, pick, reader_language
from registry.models import ForeignSystem, ForeignWord
from registry.public.codes import Coded, coded
from registry.public.elsewhere.matching import holds_words_elsewhere, with_words
from registry.public.elsewhere.words import label
from registry.public.search.corrections import Vocabulary, correct, suggested_words
from registry.public.search.everyday_words import is_all_common
from registry.public.site import PAGE_SIZE
from registry.standards.canada import REGISTER as CANADA
from registry.standards.foreign import UNKNOWN, Register, is_derived
from registry.standards.netherlands import REGISTER as NETHERLANDS
from registry.standards.united_states import REGISTER as UNITED_STATES

REGISTERS: Mapping[str, Register] = {register.code: register for register in (CANADA, NETHERLANDS, UNITED_STATES)}
ELSEWHERE = Vocabulary(ForeignWord, ForeignSystem.objects.all, holds_words_elsewhere)
ORDERS: Mapping[str, tuple[str, ...]] = {
    "relevance": ("-relevance", "sort_key", "pk"),
    "name": ("sort_key", "pk"),
    "recent": ("-updated_at", "sort_key", "pk"),
}


@dataclass(frozen=True)
class ForeignCard:
    """One record of another register in a list. `number`: nothing when its source gives it none. `original`: says in
    which language it is written, when that is not the reader's."""

    register: str
    source_id: str
    number: str
    name: Localized
    organization: Localized
    description: Localized
    phase: Coded | None
    original: str
    country: str
    register_name: Localized
    licence: Localized


@dataclass(frozen=True)
class ElsewhereAnswer:
    """`text`: what was looked for in the end. `corrected`: its words, when they are not those that were typed.
    `registers`: (code, name, records with these words) of each register that was brought in.
    """

    text: str
    registers: list[tuple[str, Localized, int]]
    register: str
    order: str
    page: Page[ForeignCard]
    corrected: str = ""
    suggestions: tuple[str, ...] = ()
    is_too_common: bool = False
    in_part: bool = False


def answer_elsewhere(
    text: str, *, register: str = "", order: str = "", page: str = "1", is_exact: bool = False
) -> ElsewhereAnswer:
    """What was typed; when no register has it, what was meant or a part of the words. Six queries at most.

    `in_part`: no record has all the words; those told have some of them.
    """
    asked, corrected, suggestions, in_part = text, "", tuple[str, ...](), False
    known = count_by_register(text)
    is_common = is_all_common(text)
    if text and not is_common and not any(count for _code, _name, count in known):
        correction = correct(text, ELSEWHERE)
        suggestions = tuple(suggested_words(text, correction))
        other = "" if is_exact else correction.text or correction.part
        if meant := _counts(_found(other)) if other else {}:
            text, in_part = other, not correction.text
            corrected = correction.text
            known = [(code, name, meant.get(code, 0)) for code, name, _count in known]
    register = register if register in {code for code, _name, _count in known} else ""
    found = find_elsewhere(text, register=register, order=order, page=page)
    return ElsewhereAnswer(
        text, known, register, order_of(asked, order), found, corrected, suggestions, is_common, in_part
    )


def find_or_correct(text: str, *, size: int) -> tuple[str, Page[ForeignCard]]:
    """A few records beside a search of our own, and the words that found them. Five queries at most."""
    found = find_elsewhere(text, size=size)
    if found.paginator.count or not text or is_all_common(text):
        return text, found
    meant = correct(text, ELSEWHERE).text
    return (meant, find_elsewhere(meant, size=size)) if meant else (text, found)


def find_elsewhere(
    text: str, *, register: str = "", order: str = "", page: str | int = 1, size: int = PAGE_SIZE
) -> Page[ForeignCard]:
    """One page of records, in an order that `order_of` knows. Two queries."""
    found = _found(text)
    if register:
        found = found.filter(register=register)
    ordered = found.order_by(*ORDERS[order_of(text, order)])
    rows = ordered.only("register", "source_id", "document", "phase")
    result: Page[Any] = Paginator(rows, size).get_page(page)
    result.object_list = [card_of(row) for row in result.object_list]
    return result


def order_of(text: str, asked: str) -> str:
    """What was asked for, where it makes sense; by relevance when there are words, else by name."""
    is_possible = asked in ORDERS and (bool(text) or asked != "relevance")
    return asked if is_possible else "relevance" if text else "name"


def count_elsewhere(text: str) -> int:
    return _found(text).count()


def count_by_register(text: str = "") -> list[tuple[str, Localized, int]]:
    """(code, name, records with these words) of each register that was brought in."""
    counts = _counts(_found(text))
    brought_in = _counts(ForeignSystem.objects.all()) if text else counts
    return [(code, register_name(code), counts.get(code, 0)) for code in brought_in]


def _counts(rows: QuerySet[ForeignSystem]) -> dict[str, int]:
    return dict(rows.order_by("register").values_list("register").annotate(count=Count("pk")))


def _found(text: str) -> QuerySet[ForeignSystem]:
    return with_words(text) if text else ForeignSystem.objects.all()


def card_of(row: ForeignSystem) -> ForeignCard:
    document, source = row.document, REGISTERS.get(row.register)
    texts = document.get("texts", {})
    name = pick(document.get("names", {})) or Localized(row.source_id, "fr")
    told = (texts.get(concept, {}) for concept in ("description", "purpose", "purpose_and_benefits"))
    return ForeignCard(
        register=row.register,
        source_id=row.source_id,
        number="" if is_derived(row.source_id) else row.source_id,
        name=name,
        organization=pick(document.get("organization", {})),
        description=next(filter(None, map(pick, told)), pick({})),
        phase=coded("phase", row.phase) if row.phase and row.phase != UNKNOWN else None,
        original="" if name.language == reader_language() else label("languages", name.language),
        country=label("countries", source.country) if source else "",
        register_name=register_name(row.register),
        licence=pick(dict(source.licence_names)) if source else Localized(document.get("licence", ""), "fr"),
    )


def register_name(code: str) -> Localized:
    return pick(dict(REGISTERS[code].names)) if code in REGISTERS else Localized(code.upper(), "fr")
