"""One row of a system, or a thing that bodies share, as a form made from the catalogue."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.models import Versioned
from core.text import reader_language
from organizations.forms.named import NamedChoice
from registry.field_catalogue import Field
from registry.forms.answers import check_alone, dress, make_field, was_sent
from registry.models import AISystem, Benefit


def row_field(field: Field, system: AISystem | None = None) -> forms.Field:
    if field.kind == "row":
        made: forms.Field = NamedChoice(
            Benefit.objects.filter(system=system),
            empty_label=None,
            error_messages={"invalid_choice": _("Choose one of the benefits of this system.")},
        )
    else:
        choices = [(choice.code, choice.label[reader_language()]) for choice in field.choices]
        made = make_field(field, choices)
    dress(made, field)
    made.required = "row" in field.mandatory_for
    made.is_optional = not made.required  # type: ignore[attr-defined]
    label = field.label[reader_language()]
    made.error_messages["required"] = _("%(label)s: this answer is missing.") % {"label": label}
    return made


class PartForm(forms.Form):
    """Unlike the answers of the system, a row is sent whole: what it cannot do without is required."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        asked: Iterable[Field],
        system: AISystem | None = None,
        row: Versioned | None = None,
        **options: Any,
    ) -> None:
        self.asked = tuple(asked)
        initial = {field.code: getattr(row, field.code) for field in self.asked} if row else {}
        if row:
            initial["version"] = row.version
        super().__init__(data, initial={**initial, **options.pop("initial", {})}, **options)
        for field in self.asked:
            self.fields[field.code] = row_field(field, system)

    def clean(self) -> dict[str, Any]:
        for field in self.asked:
            check_alone(self, field)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, Any]:
        """What was sent; the page of a conflict sends the answers that two people changed, and those alone."""
        return {f.code: self.cleaned_data[f.code] for f in self.asked if was_sent(self, f.code)}

    @property
    def bound_fields(self) -> list[Any]:
        return [self[field.code] for field in self.asked]
