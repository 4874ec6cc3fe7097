"""The question behind the name of a form field, for a page that gives back what was typed without its form."""

from collections.abc import Mapping
from typing import Any

from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field
from registry.models.parts import PART_MODELS
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.common_tools import QUESTIONS, question_label


def questions(view: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Named in FIELD_LABELS: field → its question, on this page; nothing for the pages of other rooms."""
    room, _, page = view.partition(":")
    if room != "registry":
        return {}
    language = reader_language()
    if page == "common_tools_of":
        return {
            f"{question}_{tool.code}": f"{tool.label[language]} – {question_label(question)}"
            for tool in COMMON_TOOLS.tools
            for question in QUESTIONS
        }
    return {field.code: _question(field, language) for field in _fields(page, given)}


def _fields(page: str, given: Mapping[str, Any]) -> tuple[Field, ...]:
    if given.get("part") in PART_MODELS:
        return CATALOGUE.part(given["part"]).columns
    if "claim" in page:
        return CATALOGUE.shared_part("supplier_claims").columns
    if "solution" in page:
        return CATALOGUE.shared_part("solution_facts").columns
    return (*CATALOGUE.fields, *CATALOGUE.twins)


def _question(field: Field, language: str) -> str:
    return (field.label if field.twin_of else field.question)[language]
