"""What is said of an assessment made outside Vigie."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.files import FileForm
from assessments.rules.accepted_files import DOCUMENTS
from assessments.workflow import ResidualLevel
from organizations.forms.texts import TextAnswer

DAY = {"invalid": _("Give a date like 2026-11-22.")}


class DepositForm(FileForm):
    kinds = DOCUMENTS
    field_order = [
        "file", "done_on", "approved_by_function", "residual_level", "summary_fr", "next_review_on",
    ]  # fmt: skip

    instrument = forms.CharField(widget=forms.HiddenInput, max_length=40)
    done_on = forms.DateField(label=_("When was it done?"), error_messages=DAY)
    approved_by_function = TextAnswer(
        label=_("Who approved it?"),
        max_length=200,
        help_text=_("The function, not the name."),
        widget=forms.TextInput(attrs={"lang": "fr"}),
    )
    residual_level = forms.ChoiceField(
        label=_("Which risk remains, as the document says it?"),
        choices=ResidualLevel,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the levels of the list.")},
    )
    summary_fr = TextAnswer(
        label=_("What did it conclude?"),
        has_lines=True,
        max_length=3000,
        help_text=_("In about 150 words: main risks, measures taken, what is left to do."),
        widget=forms.Textarea(attrs={"rows": 6, "lang": "fr"}),
    )
    next_review_on = forms.DateField(label=_("When is it reviewed next?"), required=False, error_messages=DAY)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        approved: Any = self.fields["approved_by_function"]
        approved.example = _("Director of information resources")


class WithdrawForm(forms.Form):
    reason = TextAnswer(
        label=_("Why is it withdrawn?"),
        max_length=400,
        error_messages={"required": _("Say why it is withdrawn: the reason is kept.")},
    )
