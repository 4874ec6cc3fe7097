"""Letting a person in by exception, answering a visitor."""

from django import forms
from django.utils.translation import gettext_lazy

from registry.forms.answers import TextAnswer


class ExceptionForm(forms.Form):
    """Who from elsewhere may read this system, why and until when."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the person"),
        help_text=gettext_lazy("The person must have an account in Vigie."),
        error_messages={
            "required": gettext_lazy("Give the e-mail under which the person signs in."),
            "invalid": gettext_lazy("Give an e-mail address like name@body.example."),
        },
    )
    reason = TextAnswer(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with the access: it says why the person may read."),
        max_length=300,
        error_messages={
            "required": gettext_lazy("Give the reason: it is kept with the access."),
            "max_length": gettext_lazy("Give the reason in 300 characters at most."),
        },
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day of the access"),
        help_text=gettext_lazy("Within one year. The access ends by itself after that day."),
        widget=forms.DateInput,
        error_messages={
            "required": gettext_lazy("Choose an end date within one year from today."),
            "invalid": gettext_lazy("Give a date like 2026-11-22."),
        },
    )


class AnswerForm(forms.Form):
    """The answer that a visitor will read."""

    answer = TextAnswer(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy(
            "In French. Say what was corrected, or why nothing was. Name no one; give no personal information."
        ),
        has_lines=True,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": gettext_lazy("Write the answer that the visitor will read."),
            "max_length": gettext_lazy("Write the answer in 2000 characters at most."),
        },
    )
