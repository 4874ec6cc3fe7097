"""The same document in two readings: what a citizen asks, and every public field for whoever studies it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.text import pick
from registry.field_catalogue import CATALOGUE, Field
from registry.public.sheet.answers import answer_of, key_of
from registry.public.sheet.rows import parts_in
from registry.public.sheet.shapes import Answer, Elsewhere, Section

PUBLIC = "public"
# Said elsewhere on the citizen's page: in its title, its first paragraph, or beside the telephone.
NOT_REPEATED = frozenset({"name_fr", "summary_fr", "contact_email", "contact_phone"})

Values = Mapping[str, Any]


def citizen_sections(system: Values, details: Values) -> tuple[Section, ...]:
    """Questions in order: what every declaration answers, and whatever else this one answered."""
    found = []
    for section in CATALOGUE.sections:
        answers = tuple(
            _answer(field, system)
            for field in CATALOGUE.in_section(section.code)
            if is_told(field, system, but=NOT_REPEATED)
        )
        parts = parts_in(section.code, details)
        on_request = _on_request(section.code, details)
        # How to reach the body is told beside its name: the heading stays.
        if answers or parts or on_request or section.code == "contact":
            found.append(Section(section.code, pick(dict(section.question)).text, answers, parts, on_request))
    return tuple(found)


def expert_sections(system: Values, details: Values) -> tuple[Section, ...]:
    """Every public field of the catalogue, filled in or not, with what other standards call it."""
    asked = frozenset(details.get("on_request", ()))
    return tuple(
        Section(
            section.code,
            pick(dict(section.question)).text,
            tuple(
                replace(
                    _answer(field, system), elsewhere=_elsewhere(field, system), is_on_request=key_of(field) in asked
                )
                for field in CATALOGUE.in_section(section.code)
                if field.visibility == PUBLIC or key_of(field) in system or key_of(field) in asked
            ),
            parts_in(section.code, details, whole=True),
        )
        for section in CATALOGUE.sections
    )


def document_sections(document: Values) -> tuple[Section, ...]:
    """Every answer and row that a document tells, and nothing else: what somebody reads before it becomes public."""
    system, details = document["system"], document.get("details", {})
    found = (
        Section(
            section.code,
            pick(dict(section.question)).text,
            tuple(_answer(field, system) for field in CATALOGUE.in_section(section.code) if key_of(field) in system),
            parts_in(section.code, details),
            _on_request(section.code, details),
        )
        for section in CATALOGUE.sections
    )
    return tuple(section for section in found if section.answers or section.parts or section.on_request)


def is_told(field: Field, system: Values, *, but: frozenset[str]) -> bool:
    """What every declaration answers, and whatever else this one answered. `but`: what is said elsewhere."""
    if field.code in but or not field.may_be_public:
        return False
    return key_of(field) in system or (field.asked_first and field.visibility == PUBLIC)


def _answer(field: Field, system: Values) -> Answer:
    return answer_of(field, system.get(key_of(field)))


def _on_request(section: str, details: Values) -> tuple[str, ...]:
    asked = frozenset(details.get("on_request", ()))
    return tuple(pick(dict(field.label)).text for field in CATALOGUE.in_section(section) if key_of(field) in asked)


def _elsewhere(field: Field, system: Values) -> tuple[Elsewhere, ...]:
    """What each other standard calls this field; of coded answers, its codes too."""
    value = system.get(key_of(field))
    codes = value if isinstance(value, list) else [value]
    chosen = [choice for choice in field.choices if choice.code in codes]
    return tuple(
        Elsewhere(
            standard=pick(dict(standard.name)).text,
            certainty=standard.certainty,
            name=field.standards[standard.code],
            codes=tuple(choice.standards[standard.code] for choice in chosen if standard.code in choice.standards),
            is_approximate=standard.code in field.approximate
            or any(standard.code in choice.approximate for choice in chosen),
        )
        for standard in CATALOGUE.standards
        if standard.code in field.standards
    )
