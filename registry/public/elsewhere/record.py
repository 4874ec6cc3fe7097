"""One record of a register from elsewhere: all that its source says, what it leaves blank, and where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.text import Localized, pick
from registry.models import ForeignSystem
from registry.public.elsewhere.lists import REGISTERS, ForeignCard, card_of
from registry.public.elsewhere.words import in_order, label, meaning, not_said, shown_date, words
from registry.standards.foreign import UNKNOWN

_MOST_URL = 1_000


@dataclass(frozen=True)
class Told:
    """One label and what the source says, in the language it says it; `url` when that is an address."""

    label: str
    text: Localized
    url: str = ""


@dataclass(frozen=True)
class ForeignPage:
    """One record, with its provenance."""

    card: ForeignCard
    texts: tuple[Told, ...]
    facts: tuple[Told, ...]
    safeguards: tuple[Told, ...]
    url: str
    publisher: Localized
    licence_url: Localized
    attribution: Localized
    first_seen_on: date
    last_seen_on: date
    digest: str


def foreign_page(register: str, source_id: str) -> ForeignPage | None:
    row = ForeignSystem.objects.filter(register=register, source_id=source_id).first()
    if row is None:
        return None
    document, source, card = row.document, REGISTERS.get(row.register), card_of(row)
    return ForeignPage(
        card=card,
        texts=tuple(_texts(document.get("texts", {}))),
        facts=tuple(_facts(card, document)),
        safeguards=tuple(_safeguards(document.get("codes", {}), document.get("lists", {}))),
        url=_web_address(document.get("url", "")),
        publisher=pick(dict(source.publisher)) if source else pick({}),
        licence_url=pick(dict(source.licence_urls)) if source else pick({}),
        attribution=pick(dict(source.attribution)) if source else pick({}),
        first_seen_on=row.first_seen_on,
        last_seen_on=row.last_seen_on,
        digest=row.digest,
    )


def _texts(texts: Mapping[str, Mapping[str, str]]) -> list[Told]:
    told = [Told(_label_of_text(concept), pick(texts[concept])) for concept in in_order("texts", texts)]
    return [each for each in told if each.text]


def _label_of_text(concept: str) -> str:
    """A text, or what an answer says that its code does not."""
    if concept in words()["texts"]:
        return label("texts", concept)
    asked = {"phase": _("State"), "language": _("Language")}.get(concept) or label("codes", concept)
    return _("%(question)s, in the words of the source") % {"question": asked}


def _facts(card: ForeignCard, document: Mapping[str, Any]) -> Iterator[Told]:
    """Short facts, codes in our words; what the source leaves blank is said to be unknown, not guessed."""
    phase = Localized(card.phase.label, "") if card.phase else not_said()
    yield Told(_("State"), phase)
    codes, lists = document.get("codes", {}), document.get("lists", {})
    for concept in in_order("codes", codes):
        if concept != "phase" and concept not in words()["safeguards"] and codes[concept]:
            yield Told(label("codes", concept), meaning("codes", concept, codes[concept]))
    for concept in in_order("lists", lists):
        if concept != "consultation":
            yield Told(label("lists", concept), _meanings(concept, lists[concept]))
    if vendor := document.get("vendor"):
        yield Told(_("Supplier"), Localized(vendor, _language(document)))
    if year := document.get("status_year"):
        yield Told(_("Year of this state"), Localized(str(year), ""))
    dates, details = document.get("dates", {}), document.get("details", {})
    for concept in in_order("dates", dates):
        yield Told(label("dates", concept), shown_date(str(dates[concept])))
    for name in in_order("details", details):
        text = str(details[name])
        yield Told(label("details", name), Localized(text, _language(document)), _web_address(text))


def _safeguards(codes: Mapping[str, str], lists: Mapping[str, list[str]]) -> list[Told]:
    """Asked of systems of high impact only: of the others, their silence says nothing."""
    asked = [concept for concept in words()["safeguards"] if concept in codes]
    consulted = lists.get("consultation", [])
    is_answered = any(codes[concept] != UNKNOWN for concept in asked) or bool(consulted)
    if not asked or not (is_answered or codes.get("high_impact") == "high"):
        return []
    told = [Told(label("codes", concept), meaning("codes", concept, codes[concept])) for concept in asked]
    return [*told, Told(label("lists", "consultation"), _meanings("consultation", consulted))]


def _meanings(concept: str, codes: list[str]) -> Localized:
    found = [meaning("lists", concept, code).text for code in codes]
    return Localized(", ".join(found), "") if found else not_said()


def _language(document: Mapping[str, Any]) -> str:
    """Of what a record says outside its texts: its own language where it has but one."""
    languages = document.get("languages", [])
    return languages[0] if len(languages) == 1 else "en"


def _web_address(url: object) -> str:
    """Only an address of the Web becomes a link."""
    is_address = isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= _MOST_URL
    return str(url) if is_address and not any(character.isspace() for character in str(url)) else ""
