"""Registres d'ailleurs: what other governments published, as they wrote it; never among ours nor counted with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import Localized, pick
from registry.models import ForeignSystem
from registry.public.codes import Coded, coded
from registry.public.site import PAGE_SIZE, matching
from registry.standards.canada import REGISTER as CANADA
from registry.standards.foreign import UNKNOWN, Register

REGISTERS: Mapping[str, Register] = {CANADA.code: CANADA}
# Concepts of their texts and codes, in the order of the page. A concept that is not here is shown after, by its name.
TEXT_LABELS = {
    "description": gettext_lazy("What it does"),
    "capabilities": gettext_lazy("Techniques"),
    "data": gettext_lazy("Data used"),
    "personal_information_banks": gettext_lazy("Personal information banks"),
    "results": gettext_lazy("Results"),
}
CODE_LABELS = {
    "origin": gettext_lazy("Made by"),
    "primary_users": gettext_lazy("Mainly used by"),
    "personal_information": gettext_lazy("Uses personal information"),
    "notification": gettext_lazy("People are told that AI is used"),
}
CODE_VALUES = {
    "own": gettext_lazy("The government itself"),
    "supplier": gettext_lazy("A supplier"),
    "open": gettext_lazy("Open-source software"),
    "other": gettext_lazy("Another origin"),
    "staff": gettext_lazy("Staff"),
    "public": gettext_lazy("Members of the public"),
    "both": gettext_lazy("Staff and members of the public"),
    "neither": gettext_lazy("Neither staff nor the public"),
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
}


@dataclass(frozen=True)
class ForeignCard:
    """One record of another register in a list."""

    register: str
    source_id: str
    name: Localized
    organization: Localized
    description: Localized
    phase: Coded | None
    register_name: Localized


@dataclass(frozen=True)
class Told:
    """One label and what the source says, in the language it says it."""

    label: str
    text: Localized


@dataclass(frozen=True)
class ForeignPage:
    """One record, with its provenance."""

    card: ForeignCard
    texts: tuple[Told, ...]
    facts: tuple[Told, ...]
    url: str
    publisher: Localized
    licence: Localized
    licence_url: Localized
    attribution: Localized
    first_seen_on: date
    last_seen_on: date
    digest: str


def find_elsewhere(text: str, *, register: str = "", page: str | int = 1, size: int = PAGE_SIZE) -> Page[ForeignCard]:
    """One page of records, by relevance when there are words, else by name. Two queries."""
    found = _found(text)
    if register:
        found = found.filter(register=register)
    order = ["-relevance", "sort_key", "pk"] if text else ["sort_key", "pk"]
    rows = found.order_by(*order).only("register", "source_id", "document", "phase")
    result: Page[Any] = Paginator(rows, size).get_page(page)
    result.object_list = [_card(row) for row in result.object_list]
    return result


def count_elsewhere(text: str) -> int:
    return _found(text).count()


def count_by_register() -> list[tuple[str, Localized, int]]:
    """(code, name, records) of each register that was brought in."""
    rows = ForeignSystem.objects.order_by("register").values_list("register").annotate(count=Count("pk"))
    return [(code, _register_name(code), count) for code, count in rows]


def foreign_page(register: str, source_id: str) -> ForeignPage | None:
    row = ForeignSystem.objects.filter(register=register, source_id=source_id).first()
    if row is None:
        return None
    document, source = row.document, REGISTERS.get(row.register)
    return ForeignPage(
        card=_card(row),
        texts=tuple(_texts(document.get("texts", {}))),
        facts=tuple(_facts(document)),
        url=_web_address(document.get("url", "")),
        publisher=pick(dict(source.publisher)) if source else pick({}),
        licence=pick(dict(source.licence_names)) if source else Localized(document.get("licence", ""), "fr"),
        licence_url=pick(dict(source.licence_urls)) if source else pick({}),
        attribution=pick(dict(source.attribution)) if source else pick({}),
        first_seen_on=row.first_seen_on,
        last_seen_on=row.last_seen_on,
        digest=row.digest,
    )


def _found(text: str) -> QuerySet[ForeignSystem]:
    rows = ForeignSystem.objects.all()
    return matching(rows, text) if text else rows


def _card(row: ForeignSystem) -> ForeignCard:
    document = row.document
    return ForeignCard(
        register=row.register,
        source_id=row.source_id,
        name=pick(document.get("names", {})) or Localized(row.source_id, "fr"),
        organization=pick(document.get("organization", {})),
        description=pick(document.get("texts", {}).get("description", {})),
        phase=coded("phase", row.phase) if row.phase and row.phase != UNKNOWN else None,
        register_name=_register_name(row.register),
    )


def _register_name(code: str) -> Localized:
    return pick(dict(REGISTERS[code].names)) if code in REGISTERS else Localized(code.upper(), "fr")


def _texts(texts: Mapping[str, Mapping[str, str]]) -> list[Told]:
    order = [*TEXT_LABELS, *(concept for concept in texts if concept not in TEXT_LABELS)]
    told = [Told(str(TEXT_LABELS.get(concept, concept)), pick(dict(texts.get(concept, {})))) for concept in order]
    return [each for each in told if each.text]


def _facts(document: Mapping[str, Any]) -> list[Told]:
    """Short facts, codes in our words; what the source leaves blank is said to be unknown, not guessed."""
    said = [(str(label), document.get("codes", {}).get(concept, "")) for concept, label in CODE_LABELS.items()]
    facts = [Told(label, _code_value(code)) for label, code in said if code]
    if vendor := document.get("vendor"):
        facts.append(Told(_("Supplier"), Localized(vendor, "en")))
    if year := document.get("status_year"):
        facts.append(Told(_("Year of this state"), Localized(str(year), "fr")))
    facts += [Told(key, Localized(str(value), "en")) for key, value in document.get("details", {}).items()]
    return facts


def _code_value(code: str) -> Localized:
    text = _("Not said by the source") if code == UNKNOWN else str(CODE_VALUES.get(code, code))
    return Localized(text, "")


def _web_address(url: object) -> str:
    """Only an address of the Web becomes a link."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""
