"""Taking a system to another phase, away from the lists, back, or to another person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.forms.named import NamedChoice
from organizations.models import User
from registry.forms.answers import OneBodyForm, TextAnswer
from registry.services.lifecycle import PossibleMove


class PhaseForm(forms.Form):
    """Where the system goes, since when, and why. `seen`: the phase that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    to = forms.ChoiceField(
        label=gettext_lazy("Which phase does it go to?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the phase it goes to."),
            "invalid_choice": gettext_lazy("Choose one of the phases that are shown."),
        },
    )
    on = forms.DateField(
        label=gettext_lazy("Since which day?"),
        help_text=gettext_lazy("Leave empty for today."),
        widget=forms.DateInput,
        required=False,
        error_messages={"invalid": gettext_lazy("Give a date like 2026-11-22.")},
    )
    reason = TextAnswer(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy(
            "Needed to suspend, to retire, to correct or to take up again. The history of the system keeps it."
        ),
        max_length=400,
        required=False,
        error_messages={"max_length": gettext_lazy("Give the reason in 400 characters at most.")},
    )

    def __init__(self, data: Any = None, *, moves: Sequence[PossibleMove], here: str) -> None:
        super().__init__(data)
        self.here = here
        self.reasoned = {move.move.target for move in moves if move.move.with_reason}
        field: Any = self.fields["to"]
        field.choices = [(move.move.target, move.label) for move in moves if move.is_open]
        field.choice_hints = {move.move.target: move.explanation for move in moves}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (cleaned.get("seen") or self.here) != self.here:
            raise forms.ValidationError(_("Somebody changed the phase since you opened the page: choose again."))
        if cleaned.get("to") in self.reasoned and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why: the history of the system keeps it."))
        return cleaned

    @property
    def change(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("to", "on", "reason", "seen")}


class PutAwayForm(forms.Form):
    """Why a record leaves the lists."""

    reason = TextAnswer(
        label=gettext_lazy("Why is it put away?"),
        help_text=gettext_lazy("Who finds this record later will read it, for example: declared twice, or given up."),
        max_length=400,
        error_messages={
            "required": gettext_lazy("Say why: who finds this record later will read it."),
            "max_length": gettext_lazy("Give the reason in 400 characters at most."),
        },
    )


class DuplicateForm(OneBodyForm):
    """For which body the draft is begun."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    choose_body = gettext_lazy("Choose the body that answers for the system.")


class LeadForm(forms.Form):
    """Who keeps the record from now on."""

    to = NamedChoice(
        label=gettext_lazy("Who keeps this record?"),
        help_text=gettext_lazy("“To do” reminds this person of what the record waits for."),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={
            "required": gettext_lazy("Choose a person."),
            "invalid_choice": gettext_lazy("Choose one of the people of the list."),
        },
    )

    def __init__(self, data: Any = None, *, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = people
