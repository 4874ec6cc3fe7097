"""What a program sends about a system, under the very rules of the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.rest.problems import invalid
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.forms.declaration import PROJECT, SERVICE, SERVICE_PHASES, AnswersForm, situation_of
from registry.forms.parts import PartForm
from registry.models import AISystem, SystemPart


def checked_answers(system: AISystem, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the form reads them; the problem with a sentence for each that it refuses. Nothing that was not
    sent is looked at.
    """
    asked = [CATALOGUE.field(code) for code in given]
    refused = _not_asked(system, asked)
    form = AnswersForm(dict(given), system=system, asked=asked, situation=_situation(system, given))
    refused |= {code: [str(one) for one in errors] for code, errors in form.errors.items()}
    if refused:
        raise invalid(refused, prefix="answers.")
    return {code: form.cleaned_data[code] for code in given}


def checked_row(
    system: AISystem, part: Part, given: Mapping[str, Any], row: SystemPart | None = None
) -> dict[str, Any]:
    """One row as its form reads it: whole when it is added; of a row that is there, what was sent and nothing else."""
    asked = [field for field in part.columns if row is None or field.code in given]
    refused = _not_asked(system, [field for field in asked if field.code in given])
    form = PartForm(dict(given), asked=asked, system=system)
    refused |= {code: [str(one) for one in errors] for code, errors in form.errors.items()}
    if refused:
        raise invalid(refused, prefix="answers.")
    return {code: form.cleaned_data[code] for code in given}


def _not_asked(system: AISystem, given: Iterable[Field]) -> dict[str, list[str]]:
    """English sent to a body that does not publish in English: nobody would ever see or correct it."""
    if system.organization.publishes_in_english:
        return {}
    sentence = _("This body does not publish in English: the field is not asked.")
    return {field.code: [sentence] for field in given if field.twin_of}


def _situation(system: AISystem, given: Mapping[str, Any]) -> str:
    """The page asks it first; the phase that is sent says the same."""
    if "phase" not in given:
        return situation_of(system)
    return SERVICE if given["phase"] in SERVICE_PHASES else PROJECT
