"""The public facts of one system, as its publication document holds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models import AISystem, SolutionClaim
from registry.models.rows import rows_of
from registry.rules.attention import Progress, departs_from_principle_4, is_asked, progress

PUBLIC, ON_REQUEST = "public", "on_request"


@dataclass(frozen=True)
class SystemFacts:
    """The `system` section: every answered field that is public of this system. Internal fields are not here."""

    section: ClassVar[str] = "system"
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return dict(self.values)


@dataclass(frozen=True)
class DetailFacts:
    """The `details` section: rows of the system by part, what is given on request, and what follows from the answers.

    `departs`: it decides alone about rights, which the strategy promised no system would («écart au principe 4»).
    `solution`: what the public knows of the shared product, as it was described when this version was made.
    """

    section: ClassVar[str] = "details"
    parts: Mapping[str, list[dict[str, Any]]]
    on_request: tuple[str, ...]
    departs: bool
    solution: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"departs_from_principle_4": self.departs}
        if self.parts:
            told["parts"] = dict(self.parts)
        if self.on_request:
            told["on_request"] = list(self.on_request)
        if self.solution:
            told["solution"] = self.solution["id"]
            told["solution_facts"] = {key: value for key, value in self.solution.items() if key != "id"}
        return told


def system_facts(system: AISystem) -> SystemFacts:
    """Named in PUBLICATION_FACTS: what the register publishes about a system."""
    chosen, answers = _chosen(system), answers_of(system)
    values: dict[str, Any] = {}
    for field in CATALOGUE.fields:
        if _is_public(field, chosen) and is_asked(field, answers):
            if value := _public_value(field, system.value, in_english=system.organization.publishes_in_english):
                values[field.code.removesuffix("_fr")] = value
    return SystemFacts(values)


def detail_facts(system: AISystem) -> DetailFacts:
    """Named in PUBLICATION_FACTS: the rows of a system, each with its public fields only."""
    chosen, answers = _chosen(system), answers_of(system)
    rows, english = rows_of(system), system.organization.publishes_in_english
    parts = {
        part.code: [_public_row(part, row.uuid, row.values.__getitem__, in_english=english) for row in rows[part.code]]
        for part in CATALOGUE.parts
    }
    asked = [field for field in CATALOGUE.fields if chosen.get(field.code, field.visibility) == ON_REQUEST]
    return DetailFacts(
        parts={code: told for code, told in parts.items() if told},
        on_request=tuple(field.code.removesuffix("_fr") for field in asked if answers[field.code]),
        departs=departs_from_principle_4(answers),
        solution=_solution_told(system, names_supplier=_is_public(CATALOGUE.field("supplier"), chosen)),
    )


def answers_of(system: AISystem) -> dict[str, Any]:
    """Field → stored answer, as the rules read them."""
    return {field.code: system.value(field.code) for field in CATALOGUE.fields}


def progress_of(system: AISystem, **other: Any) -> tuple[Progress, ...]:
    """How far its record is, section by section; `other`: answers as they would be. One query, none for rows read."""
    filled = [code for code, rows in rows_of(system).items() if rows]
    return progress(answers_of(system) | other, filled=filled)


def _chosen(system: AISystem) -> dict[str, str]:
    return {row.field: row.visibility for row in system.visibilities.all()}


def _is_public(field: Field, chosen: Mapping[str, str]) -> bool:
    return field.may_be_public and chosen.get(field.code, field.visibility) == PUBLIC


def _public_value(field: Field, read: Callable[[str], Any], *, in_english: bool) -> Any:
    """A text as a map language → text; English only where the body publishes in English. `read`: the stored answer."""
    if field.code.endswith("_fr"):
        texts = {"fr": read(field.code)}
        if field.twin and in_english:
            texts["en"] = read(field.twin)
        return {language: text for language, text in texts.items() if text}
    return as_json_value(field.in_order(read(field.code)))


def _public_row(part: Part, identifier: str, read: Callable[[str], Any], *, in_english: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"id": identifier}
    for field in part.fields:
        if field.visibility == PUBLIC:
            value = _public_value(field, read, in_english=in_english)
            if value not in (None, "", [], {}):
                values[field.code.removesuffix("_fr")] = value
    return values


def _solution_told(system: AISystem, *, names_supplier: bool) -> dict[str, Any]:
    """Its identifier, its public fields and, apart, what its supplier claims. `names_supplier`: the body made «Supplier
    and product» public for this system; only then does the document tell who supplies the solution, and its trade name.
    """
    if system.solution is None:
        return {}
    english = system.organization.publishes_in_english
    told: dict[str, Any] = {"id": str(system.solution.uuid)}
    for field in CATALOGUE.shared_part("solution_facts").fields:
        value = getattr(system.solution, field.code)
        if not value or not (names_supplier or field.visibility == PUBLIC):
            continue
        key, _point, language = field.code.rpartition("_")
        if language == "fr" or (language == "en" and english):
            told.setdefault(key, {})[language] = value
        elif language != "en":
            told[field.code] = value
    if claims := [_claim_told(claim, english) for claim in system.solution.claims.all()]:
        told["supplier_claims"] = claims
    return told


def _claim_told(claim: SolutionClaim, in_english: bool) -> dict[str, Any]:
    shape = CATALOGUE.shared_part("supplier_claims")
    return _public_row(shape, str(claim.uuid), partial(getattr, claim), in_english=in_english)


def as_json_value(value: Any) -> Any:
    """A day as ISO 8601, a decimal as text without idle zeros, a list as a list."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return list(value) if isinstance(value, list) else value
