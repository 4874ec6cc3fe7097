"""Small forms around an assessment: begin, choose the depth, entrust, submit, decide, leave."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.questionnaires import DEPTHS
from assessments.services.words import DEPTH_WORDS
from core.text import reader_language
from organizations.forms.named import NamedChoice
from organizations.forms.texts import TextAnswer
from organizations.models import User

# Nobody reads a longer list; a search finds the others.
MOST_SOURCES = 50


class BeginForm(forms.Form):
    """What is begun, and from which assessment its answers are taken over."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    instrument = forms.CharField(widget=forms.HiddenInput, max_length=40)
    source = NamedChoice(
        label=_("Begin from"),
        queryset=Assessment.objects.none(),
        required=False,
        empty_label=_("Nothing: an empty assessment"),
        error_messages={"invalid_choice": _("Choose one of the assessments of the list.")},
    )

    def __init__(self, *args: Any, sources: Any, listed: Any, **kwargs: Any) -> None:
        """`sources`: all that may be taken over; `listed`: those that the page shows, read when it does."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.queryset = sources
        nothing = ("", field.empty_label)
        field.choices = lambda: [nothing, *((str(each.uuid), _source_label(each)) for each in listed)]
        self.listed = listed

    @property
    def has_more(self) -> bool:
        return len(self.listed) == MOST_SOURCES


class SourceSearch(forms.Form):
    """Among more assessments than a list can show."""

    q = TextAnswer(label=_("Name or number of the system"), required=False, max_length=200)


def _source_label(source: Assessment) -> str:
    title = source.questionnaire.short_title[reader_language()]
    number = source.system.reference or ""
    return " – ".join(filter(None, [source.system.name_fr, number, f"{title} {source.version_asked.version}"]))


class DepthForm(forms.Form):
    depth = forms.ChoiceField(
        label=_("How deep do you go?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the depths that this page offers.")},
    )
    reason = TextAnswer(
        label=_("Why fewer questions than recommended?"),
        has_lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed only when you choose less than what is recommended."),
    )

    def __init__(self, *args: Any, counts: dict[str, int], floor: str, recommended: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["depth"]
        field.choices = [
            ("", _("As recommended")),
            *[(name, DEPTH_WORDS[name]) for name in DEPTHS if DEPTHS.index(name) >= DEPTHS.index(floor)],
        ]
        field.required = False
        told = {name: _("%(number)d questions today") % {"number": number} for name, number in counts.items()}
        field.choice_hints = {"": told[recommended], **told}


class EntrustForm(forms.Form):
    person = NamedChoice(label=_("Entrusted to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody"))
    due_on = forms.DateField(
        label=_("Due on"), required=False, error_messages={"invalid": _("Give a date like 2026-11-22.")}
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people


class ReasonForm(forms.Form):
    reason = TextAnswer(
        label=_("Why is it left?"), max_length=400, error_messages={"required": _("Say why: it is kept.")}
    )


class DecideForm(forms.Form):
    comment = TextAnswer(
        label=_("Comment"),
        has_lines=True,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed to send it back: say what should be changed. It is kept."),
    )


class AcceptRiskForm(forms.Form):
    function = TextAnswer(label=_("Under which function do you accept?"), max_length=200)
    text = TextAnswer(
        label=_("Why is this risk accepted?"), has_lines=True, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SignForm(forms.Form):
    note = TextAnswer(
        label=_("Remark"),
        has_lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConcludeForm(forms.Form):
    """Assessments that the screening does not ask for, and that are done all the same: each with its reason."""

    def __init__(self, *args: Any, optional: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for instrument, label in optional:
            self.fields[f"add_{instrument}"] = forms.BooleanField(
                label=_("Do it all the same: %(label)s") % {"label": label}, required=False
            )
            self.fields[f"reason_{instrument}"] = TextAnswer(
                label=_("Reason"),
                has_lines=True,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def added(self) -> dict[str, str]:
        names = [name.removeprefix("add_") for name in self.fields if name.startswith("add_")]
        return {
            name: self.cleaned_data.get(f"reason_{name}", "") for name in names if self.cleaned_data.get(f"add_{name}")
        }
