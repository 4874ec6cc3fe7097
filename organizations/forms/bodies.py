"""The sheet of a body, its name, its place in the tree, its end."""

import unicodedata
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import uuid4

from babel import Locale
from django import forms
from django.db.models import QuerySet
from django.forms.models import fields_for_model
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import reader_language
from organizations.forms.numbers import WholeAnswer
from organizations.models import Organization
from organizations.services.sheets import SHEET_FIELDS
from organizations.workflow import Kind, Regime, SecondLook

YES_NO = [("True", _("Yes")), ("False", _("No"))]
HINTS = {
    "employees": _("An order of size is enough. Bodies of 50 employees or fewer may have lighter duties."),
    "highest_authority_fr": _("The title, not the name: deputy minister, director general, mayor."),
    "is_committee_exempt": _("Some regimes and sizes are excluded from forming the committee (s. 8.1)."),
    "publishes_in_english": _("If not, no English text is asked for, and nothing is counted as missing."),
    "second_look": _("A person other than the one who wrote reads a sheet before it goes public."),
    "second_look_reason_fr": _(
        "Needed if a second look is impossible. The public reads it on each sheet, for instance: “one person alone "
        "looks after systems”."
    ),
    "contact_phone": _("Citizens without Internet reach you by it."),
    "postal_address": _("Needed, with the telephone, before a system sheet goes public."),
    "contact_email": _("A generic mailbox, never a person's."),
}


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = [(code, name) for code, name in Locale(language).territories.items() if len(code) == 2 and code.isalpha()]
    real = [(code, name) for code, name in names if code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}]
    return sorted(real, key=lambda pair: _without_accents(pair[1]))


def _without_accents(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def country_choices() -> list[tuple[str, str]]:
    """Every country by its name in the reader's language, as a French reader sorts them."""
    return _countries(reader_language())


class YesNoField(forms.TypedChoiceField):
    """Two buttons: unlike a box left empty, an answer that somebody gave."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=YES_NO, coerce=lambda value: value == "True", widget=forms.RadioSelect, **kwargs)


def regimes_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Legal regimes"),
        help_text=_("Several are possible. They choose the outside recourses shown to citizens."),
        choices=Regime.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Kind of body"), choices=[("", _("Choose")), *Kind.choices])


class IdentityForm(forms.Form):
    """What a body is entered with."""

    sigle = forms.CharField(
        label=_("Sigle"),
        help_text=_("2 to 12 capital letters or digits. It will stand in the number of each of its systems."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    name_fr = forms.CharField(label=_("Name of the body in French"), max_length=200)
    kind = kind_field()
    regimes = regimes_field()
    employees = WholeAnswer(
        label=_("Number of employees"), help_text=HINTS["employees"], min_value=0, max_value=10_000_000, required=False
    )

    def sheet_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "regimes", "employees")}


class NewBodyForm(IdentityForm):
    """A body entered by whoever may create it. `bodies`: those under which this person may create one."""

    name_en = forms.CharField(
        label=_("Name in English"), help_text=_("Only if it is official."), max_length=200, required=False
    )
    parent = forms.ModelChoiceField(
        label=_("Body above"), queryset=Organization.objects.none(), required=False, empty_label=_("None")
    )
    administrator = forms.EmailField(
        label=_("E-mail of the person who will administer the body"),
        help_text=_("They receive an invitation. You may also invite them later."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ["sigle", "name_fr", "name_en", "kind", "parent", "regimes", "employees", "administrator"]

    def __init__(self, *args: Any, bodies: "QuerySet[Organization]", must_have_parent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.queryset = bodies
        parent.required = must_have_parent
        parent.empty_label = None if must_have_parent else _("None")


class SheetForm(forms.Form):
    """Everything of the sheet but the name and the place, which have their own acts. `version`: what was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, organization: Organization) -> None:
        initial = {name: getattr(organization, name) for name in SHEET_FIELDS} | {"version": organization.version}
        super().__init__(data, initial=initial)
        others = [name for name in SHEET_FIELDS if name not in {"regimes", "kind", "country", "second_look", "website"}]
        self.fields |= fields_for_model(
            Organization, fields=others, help_texts=cast(Any, HINTS), field_classes={"employees": WholeAnswer}
        )
        self.fields["kind"] = kind_field()
        self.fields["regimes"] = regimes_field()
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=lazy(country_choices, list)())
        self.fields["second_look"] = forms.ChoiceField(
            label=_("Second look before publishing"),
            help_text=HINTS["second_look"],
            choices=SecondLook.choices,
            widget=forms.RadioSelect,
        )
        for name in ("is_committee_exempt", "publishes_in_english"):
            label = Organization._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = YesNoField(label=label, help_text=HINTS[name])
        self.fields["website"] = forms.URLField(label=_("Web site"), required=False, assume_scheme="https")
        self.fields["postal_address"].widget = forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"})
        self.fields["contact_phone"].widget = forms.TextInput(attrs={"type": "tel"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("second_look") == SecondLook.IMPOSSIBLE and not cleaned.get("second_look_reason_fr"):
            self.add_error("second_look_reason_fr", _("Say why a second look is impossible: the reason is shown."))
        return cleaned

    def sheet_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SHEET_FIELDS}


class PastDay(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput, initial=_today, **kwargs)


def _today() -> date:
    return clock.civil_date(clock.now())


class NameForm(forms.Form):
    """Another name: a spelling to mend, or a body that bears another name from a day on."""

    CORRECTION, RENAMED = "correction", "renamed"
    nature = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            (RENAMED, _("The body bears another name or sigle")),
            (CORRECTION, _("The name was typed wrong")),
        ],
        widget=forms.RadioSelect,
    )
    name_fr = forms.CharField(label=_("Name of the body in French"), max_length=200)
    name_en = forms.CharField(
        label=_("Name in English"), help_text=_("Only if it is official."), max_length=200, required=False
    )
    sigle = forms.CharField(
        label=_("Sigle"),
        help_text=_("Systems declared so far keep their numbers; the next ones carry the new sigle."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    effective_on = PastDay(label=_("Since which day"), help_text=_("For another name or sigle only."), required=False)

    def __init__(self, data: Any = None, *, organization: Organization) -> None:
        names = ("name_fr", "name_en", "sigle")
        super().__init__(data, initial={name: getattr(organization, name) for name in names})
        self.organization = organization
        nature: Any = self.fields["nature"]
        nature.choice_hints = {
            self.RENAMED: _("The old name and sigle go on leading here."),
            self.CORRECTION: _("The wrong spelling is not kept as an old name."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("nature") == self.RENAMED and not cleaned.get("effective_on"):
            self.add_error("effective_on", _("Give the day from which the body bears this name."))
        is_same = cleaned.get("sigle", "").upper() == self.organization.sigle
        if cleaned.get("nature") == self.CORRECTION and not is_same:
            self.add_error("sigle", _("A sigle is not corrected: choose “The body bears another name or sigle”."))
        return cleaned


class PlaceForm(forms.Form):
    """Under which body."""

    parent = forms.ModelChoiceField(
        label=_("Body above"), queryset=Organization.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, bodies: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = bodies  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Into which body, since when."""

    into = forms.ModelChoiceField(
        label=_("Body that carries on the work"), queryset=Organization.objects.none(), empty_label=_("Choose")
    )
    effective_on = PastDay(label=_("Since which day"))

    def __init__(self, *args: Any, bodies: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = bodies  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    closed_on = PastDay(label=_("Last day of the body"))
