"""What a program sends about a system, under the very rules of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.rest.problems import invalid
from registry.forms.declaration import PROJECT, SERVICE, SERVICE_PHASES, DeclarationForm
from registry.models import AISystem


def checked_answers(system: AISystem, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the form reads them; the problem with a sentence for each that it refuses. Nothing that was not
    sent is looked at.
    """
    situation = SERVICE if given.get("phase") in SERVICE_PHASES else PROJECT
    form = DeclarationForm(dict(given), system=system, situation=situation)
    not_asked = {
        code: [_("This body does not publish in English: the field is not asked.")]
        for code in given
        if code not in form.fields
    }
    found = {code: [str(one) for one in errors] for code, errors in form.errors.items() if code in given}
    if not_asked or found:
        raise invalid(not_asked | found, prefix="answers.")
    return {code: form.cleaned_data[code] for code in given}
