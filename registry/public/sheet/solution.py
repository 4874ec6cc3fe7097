"""The shared product that a document names, and what its supplier claims: two voices that are never mixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.text import Localized, pick
from registry.field_catalogue import CATALOGUE
from registry.public.sheet.answers import answer_of, others_of
from registry.public.sheet.shapes import Answer


@dataclass(frozen=True)
class Claim:
    """What the supplier says of its product, where it says it and since when. `others`: the same in other languages."""

    text: Localized
    source: str
    stated_on: date
    others: tuple[Localized, ...] = ()


@dataclass(frozen=True)
class SolutionTold:
    """`name` is empty in documents of before solutions were described. `supplier`: who supplies it and under which
    name, of a system whose body made that public; nothing of it is told on the page of the solution.
    """

    identifier: str
    name: Localized
    description: Localized
    claims: tuple[Claim, ...]
    supplier: tuple[Answer, ...]


def solution_in(document: Mapping[str, Any]) -> SolutionTold | None:
    details = document.get("details", {})
    if not (identifier := details.get("solution")):
        return None
    facts = details.get("solution_facts", {})
    return SolutionTold(
        identifier=identifier,
        name=pick(facts.get("name", {})),
        description=pick(facts.get("description", {})),
        claims=tuple(_claim(each) for each in facts.get("supplier_claims", ())),
        supplier=tuple(
            answer_of(field, facts[field.code])
            for field in CATALOGUE.shared_part("solution_facts").fields
            if facts.get(field.code)
        ),
    )


def _claim(told: Mapping[str, Any]) -> Claim:
    text = pick(told["claim"])
    return Claim(text, told["source"], date.fromisoformat(told["stated_on"]), others_of(told["claim"], text))
