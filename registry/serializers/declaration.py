"""The declaration form as its page shows it: sections in the order of the citizen's questions."""

from dataclasses import dataclass, field
from typing import Any

from core.text import reader_language
from registry.field_catalogue import CATALOGUE


@dataclass
class FormSection:
    """One question of the citizen: what is asked first, and what may be added."""

    code: str
    title: str
    asked: list[Any] = field(default_factory=list)
    more: list[Any] = field(default_factory=list)
    is_open: bool = False


def form_sections(form: Any) -> list[FormSection]:
    """Bound fields by section, for the sections that ask something here. What no declaration and no sheet needs folds
    away, unless it is filled in or refused.
    """
    found = []
    for section in CATALOGUE.sections:
        shown = FormSection(section.code, section.question[reader_language()])
        for each in CATALOGUE.in_section(section.code):
            if each.code not in form.fields:
                continue
            (shown.asked if each.mandatory_for else shown.more).append(form[each.code])
            if each.twin and each.twin in form.fields:
                shown.more.append(form[each.twin])
        shown.is_open = any(bound.value() or bound.errors for bound in shown.more)
        if shown.asked or shown.more:
            found.append(shown)
    return found
