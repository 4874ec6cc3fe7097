"""What a program sends about a system, under the very rules of the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.rest.problems import invalid
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.forms.declaration import PROJECT, SERVICE, SERVICE_PHASES, AnswersForm, situation_of
from registry.forms.parts import PartForm
from registry.models import AISystem, SystemPart


def checked_answers(system: AISystem, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the form reads them; the problem with a sentence for each that it refuses. Nothing that was not
    sent is looked at, nor what is sent back as it was read: a program may send every answer to change one.
    """
    new = {code: value for code, value in given.items() if system.pk is None or value != system.value(code)}
    asked = [CATALOGUE.field(code) for code in new]
    refused = _not_asked(system, asked, new) | _not_an_answer(system, new)
    form = AnswersForm(new, system=system, asked=asked, situation=_situation(system, given))
    refused |= {code: [str(one) for one in errors] for code, errors in form.errors.items()}
    if refused:
        raise invalid(refused, prefix="answers.")
    return {**given, **{code: form.cleaned_data[code] for code in new}}


def checked_row(
    system: AISystem, part: Part, given: Mapping[str, Any], row: SystemPart | None = None
) -> dict[str, Any]:
    """One row as its form reads it: whole when it is added; of a row that is there, what was sent and nothing else."""
    new = {code: value for code, value in given.items() if row is None or value != _read(row, code)}
    asked = [field for field in part.columns if row is None or field.code in new]
    refused = _not_asked(system, [field for field in asked if field.code in new], new)
    form = PartForm(new, asked=asked, system=system)
    refused |= {code: [str(one) for one in errors] for code, errors in form.errors.items()}
    if refused:
        raise invalid(refused, prefix="answers.")
    return {code: form.cleaned_data[code] if code in new else getattr(row, code) for code in given}


def _read(row: SystemPart, code: str) -> Any:
    """The stored answer, as a program reads it: a row that is named, by its identifier."""
    value = getattr(row, code)
    return value.uuid if isinstance(value, SystemPart) else value


def _not_asked(system: AISystem, asked: Iterable[Field], sent: Mapping[str, Any]) -> dict[str, list[str]]:
    """English sent to a body that does not publish in English: nobody would ever see or correct it. No text is none."""
    if system.organization.publishes_in_english:
        return {}
    sentence = _("This body does not publish in English: the field is not asked.")
    return {field.code: [sentence] for field in asked if field.twin_of and sent[field.code]}


def _not_an_answer(system: AISystem, new: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the form of a declared system leaves out."""
    if "phase" not in new or not system.is_declared:
        return {}
    address = reverse("registry_api:phase", args=[system.uuid])
    sentence = _("A declared system changes phase at an address of its own, where the gates speak: POST %(address)s")
    return {"phase": [sentence % {"address": address}]}


def _situation(system: AISystem, given: Mapping[str, Any]) -> str:
    """The page asks it first; the phase that is sent says the same."""
    if "phase" not in given:
        return situation_of(system)
    return SERVICE if given["phase"] in SERVICE_PHASES else PROJECT
