"""Going public: what changed, why a sheet is withdrawn, what the second person answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import pick
from registry.forms.answers import TextAnswer
from registry.rules.withholding import GROUNDS, Ground


class PublishForm(forms.Form):
    """What changed, in a sentence the public will read. `seen` is the digest of what this person was shown."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    move = forms.ChoiceField(choices=[("publish", ""), ("submit", "")], required=False)
    change_note = TextAnswer(
        label=gettext_lazy("What changed?"),
        help_text=gettext_lazy("One sentence in French. It stays with this version for ever."),
        max_length=500,
        required=False,
        error_messages={"max_length": gettext_lazy("Say what changed in 500 characters at most.")},
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Is it a major change?"), widget=forms.RadioSelect, required=False, initial="major"
    )

    def __init__(self, data: Any = None, *, is_first: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        # The page of a first version asked nothing; sent twice, it comes back when that version is there already.
        self.is_first = is_first or (data is not None and "change_note" not in data)
        if self.is_first:
            del self.fields["change_note"], self.fields["size"]
            return
        note, size = self.fields["change_note"], self.fields["size"]
        note.required = True
        note.error_messages["required"] = _("Say in one sentence what changed: the public will read it.")
        note.example = _("The system now also sorts renewal applications.")  # type: ignore[attr-defined]
        size.choices = [("major", _("Major")), ("minor", _("Minor"))]  # type: ignore[attr-defined]
        size.choice_hints = {  # type: ignore[attr-defined]
            "major": _("What it decides, on whom, with what data or who answers for it has changed."),
            "minor": _("A correction or a clearer wording."),
        }

    @property
    def change(self) -> dict[str, Any]:
        """As the service takes it. A first version has nothing to note and is major."""
        return {
            "change_note": self.cleaned_data.get("change_note", ""),
            "is_major": self.cleaned_data.get("size") != "minor",
            "seen": self.cleaned_data["seen"],
            "wants_second_look": self.cleaned_data.get("move") == "submit",
            "request_key": self.cleaned_data["request_key"],
        }


class WithdrawForm(forms.Form):
    """Why a sheet leaves the public site."""

    reason = TextAnswer(
        label=gettext_lazy("Why is the sheet withdrawn?"),
        help_text=gettext_lazy("The public will read this reason in place of the sheet."),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Say why the sheet is withdrawn: the public will read it."),
            "max_length": gettext_lazy("Give the reason in 500 characters at most."),
        },
    )


class WithholdForm(forms.Form):
    """On which ground the law keeps a system from the public."""

    ground = forms.ChoiceField(
        label=gettext_lazy("On which ground?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the grounds of the list."),
            "invalid_choice": gettext_lazy("Choose one of the grounds of the list."),
        },
    )
    note = TextAnswer(
        label=gettext_lazy("Which Act or decision?"),
        help_text=gettext_lazy(
            "Needed for “Forbidden by another Act”; elsewhere, if it helps. The public will read it: write nothing of "
            "what the Act protects."
        ),
        max_length=500,
        required=False,
        error_messages={"max_length": gettext_lazy("Write 500 characters at most.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        ground = self.fields["ground"]
        ground.choices = [(code, str(pick(dict(each.label)))) for code, each in GROUNDS.items()]  # type: ignore[attr-defined]
        ground.choice_hints = {code: _explained(each) for code, each in GROUNDS.items()}  # type: ignore[attr-defined]


def _explained(ground: Ground) -> str:
    """What the ground means, then its article and how sure we are of it, where one is known."""
    meaning = str(pick(dict(ground.explanation)))
    if ground.article is None:
        return meaning
    unsure = _("not checked")
    sure = {"text_read": _("text read"), "secondary_source": _("secondary source")}.get(ground.certainty, unsure)
    return f"{meaning} {pick(dict(ground.article))} ({sure})."


class SecondLookForm(forms.Form):
    """The answer of the second person, or the author taking the request back."""

    comment = TextAnswer(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Needed to send back: say what should be changed, so that the person can do it."),
        has_lines=True,
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": gettext_lazy("Write the comment in 2000 characters at most.")},
    )
    move = forms.ChoiceField(
        choices=[("approve", ""), ("send_back", ""), ("withdraw", "")],
        error_messages={
            "required": gettext_lazy("Use one of the buttons under the form."),
            "invalid_choice": gettext_lazy("Use one of the buttons under the form."),
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("move") == "send_back" and not cleaned.get("comment") and "comment" not in self.errors:
            self.add_error("comment", _("Say what should be changed, so that the person can do it."))
        return cleaned
