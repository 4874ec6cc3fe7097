"""The public facts of one system, as its publication document holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem


@dataclass(frozen=True)
class SystemFacts:
    """The `system` section: every answered field that the catalogue makes public. Internal fields are not here."""

    section: ClassVar[str] = "system"
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return dict(self.values)


def system_facts(system: AISystem) -> SystemFacts:
    """Named in PUBLICATION_FACTS: what the register publishes about a system."""
    values: dict[str, Any] = {}
    for field in CATALOGUE.fields:
        if field.visibility == "public" and (value := _public_value(system, field)):
            values[field.code.removesuffix("_fr")] = value
    return SystemFacts(values)


def _public_value(system: AISystem, field: Field) -> Any:
    """A text as a map language → text; English only where the body publishes in English."""
    value = system.value(field.code)
    if field.code.endswith("_fr"):
        texts = {"fr": value}
        if field.twin and system.organization.publishes_in_english:
            texts["en"] = system.value(field.twin)
        return {language: text for language, text in texts.items() if text}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value
