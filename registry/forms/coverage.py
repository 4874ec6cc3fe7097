"""«Aucune IA»: since which day, and what the public reads beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core import clock
from registry.forms.answers import TextAnswer


class NoAIForm(forms.Form):
    """One attestation. The key draws a line between two sendings of one form and two attestations."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    attested_on = forms.DateField(
        label=gettext_lazy("On which day does it use none?"),
        help_text=gettext_lazy("Today, or the day of a decision of the body: twelve months ago at most."),
        error_messages={
            "required": gettext_lazy("Give a date like 2026-11-22."),
            "invalid": gettext_lazy("Give a date like 2026-11-22."),
        },
    )
    note = TextAnswer(
        label=gettext_lazy("What the public should know"),
        help_text=gettext_lazy("For example how the body checked. Everybody reads it: write nobody’s name."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("Write 500 characters at most.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial.setdefault("attested_on", clock.civil_date(clock.now()))

    @property
    def attestation(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("attested_on", "note", "request_key")}
