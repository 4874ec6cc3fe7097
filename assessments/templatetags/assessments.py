"""Words of questionnaires in templates: texts of two languages, levels, states, origins of rules."""

from collections.abc import Mapping
from typing import Any

from django import template

from assessments.questionnaires import Question, Source
from assessments.scoring.completeness import SectionState
from assessments.serializers.words import FAMILY_WORDS, LEVEL_COLOURS, LEVEL_WORDS, source_words_of, state_words
from core.text import reader_language

register = template.Library()


@register.filter
def localized_text(text: Mapping[str, str] | None) -> str:
    """A text of a questionnaire in the reader's language; nothing for nothing."""
    return text[reader_language()] if text else ""


@register.filter
def is_optional(question: Question) -> bool:
    return not question.required


@register.filter
def section_words(state: SectionState) -> str:
    return state_words(state)


@register.filter
def family_words(code: str) -> str:
    """What a group of measures has in common."""
    return str(FAMILY_WORDS.get(code, ""))


@register.simple_tag
def source_words(source: Source) -> str:
    """«loi, texte lu»."""
    return source_words_of(source)


@register.filter
def level_colour(code: str) -> str:
    return LEVEL_COLOURS.get(code, "grey")


@register.inclusion_tag("components/tag.html")
def level_tag(code: str) -> dict[str, Any]:
    return {"text": LEVEL_WORDS.get(code, code), "colour": LEVEL_COLOURS.get(code, "grey")}
