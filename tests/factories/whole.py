"""A record where everything is answered: what a page or a document shows of each field of the catalogue."""

from datetime import date
from decimal import Decimal
from typing import Any

from organizations.models import User
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem, Benefit, Solution
from registry.models.parts import PART_MODELS

DAY = date(2026, 1, 15)


def answer_to(field: Field) -> Any:
    """A plausible answer of its kind; of several codes, the first."""
    if field.twin_of:
        return f"Answer to “{field.label['en'].removesuffix(' (in English)')}”."[: field.max_length]
    if field.choices:
        code = field.choices[0].code
        return [code] if field.kind == "choices" else code
    return {
        "date": DAY,
        "integer": 2025,
        "year": 2025,
        "decimal": Decimal("12.5"),
        "url": f"https://organisme.example/{field.code.replace('_', '-')}",
        "email": "ia@organisme.example",
        "phone": "418 555-0100",
    }.get(field.kind, f"Réponse à «{field.label['fr']}»."[: field.max_length])


def fill(system: AISystem, by: User) -> AISystem:
    """Every answer, the departure from principle 4 included, and one row of each part; in English too where the body
    publishes in English.
    """
    kept = {"name_fr", "phase", "contact_email"}
    english = system.organization.publishes_in_english
    for field in CATALOGUE.asked(CATALOGUE.fields, in_english=english):
        if field.code not in kept:
            setattr(system, field.code, answer_to(field))
    system.autonomy, system.affects_rights = "alone", "yes"
    stamps = {"created_at": system.created_at, "created_by": by, "updated_at": system.created_at, "updated_by": by}
    system.solution = Solution.objects.create(organization=system.organization, name_fr="Trieur de demandes", **stamps)
    system.save()
    for part in CATALOGUE.parts:
        values = {field.code: answer_to(field) for field in part.asked(in_english=english) if field.kind != "row"}
        if part.code == "measures":
            values["benefit"] = Benefit.objects.get(system=system)
        PART_MODELS[part.code].objects.create(system=system, **values, **stamps)
    return system
