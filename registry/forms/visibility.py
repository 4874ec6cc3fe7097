"""Who may read one answer of a record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry.field_catalogue import Field
from registry.forms.answers import TextAnswer
from registry.models import FieldVisibility
from registry.services.visibility import CHOICES, may_be


class VisibilityForm(forms.Form):
    """What the field may be, and why when it is not what is proposed."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may read this answer?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose public, on request or internal."),
            "invalid_choice": gettext_lazy("Choose public, on request or internal."),
        },
    )
    reason = TextAnswer(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed when you depart from what is proposed. Kept with the record."),
        required=False,
        max_length=400,
        error_messages={"max_length": gettext_lazy("Give the reason in 400 characters at most.")},
    )

    def __init__(self, data: Any = None, *, field: Field, decided: FieldVisibility | None, labels: Any) -> None:
        chosen = decided.visibility if decided else field.visibility
        super().__init__(data, initial={"visibility": chosen, "reason": decided.reason if decided else ""})
        visibility: Any = self.fields["visibility"]
        visibility.choices = [(code, labels(code)) for code in CHOICES if may_be(field, code)]
