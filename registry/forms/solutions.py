"""Entering a solution: for which body, then its fields from the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry.field_catalogue import CATALOGUE
from registry.forms.answers import OneBodyForm
from registry.forms.parts import row_field
from registry.models import Solution

SHAPE = CATALOGUE.shared_part("solution_facts")


class NamedSolution(forms.Form):
    """The one chosen for a system; `replaces`: the one that the page showed, so that a choice made meanwhile stands."""

    solution = forms.UUIDField(required=False)
    replaces = forms.UUIDField(required=False)

    @property
    def seen(self) -> Solution | None:
        return Solution.objects.filter(uuid=self.cleaned_data["replaces"]).first()


class NewSolutionForm(OneBodyForm):
    """The body that enters it keeps it up."""

    choose_body = gettext_lazy("Choose the body that will keep this solution up.")
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, organizations=organizations, **kwargs)
        for field in SHAPE.fields:
            self.fields[field.code] = row_field(field)

    @property
    def answers(self) -> dict[str, Any]:
        return {field.code: self.cleaned_data[field.code] for field in SHAPE.fields}

    @property
    def bound_fields(self) -> list[Any]:
        return [self[field.code] for field in SHAPE.fields]
