"""How answers are read: forms and fields made from the catalogue, and which body a form is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import reader_language
from organizations.forms.named import NamedChoice
from organizations.forms.numbers import NumberAnswer, WholeAnswer
from organizations.forms.texts import TextAnswer as TextAnswer
from organizations.models import Organization
from registry.field_catalogue import Field
from registry.standards.values import MOST_INTEGER

# A text that may be longer does not stay readable in a field of one line.
ONE_LINE = 254


class CodesAnswer(forms.MultipleChoiceField):
    """Several codes. The conflict page sends them in one value, with commas; an empty value is no code."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [code for part in super().to_python(value) for code in part.split(",") if code]


class OneBodyForm(forms.Form):
    """A form about one body among those where the person may act. Who has one alone is not asked which."""

    organization = NamedChoice(
        label=gettext_lazy("For which body?"),
        queryset=Organization.objects.none(),
        empty_label=gettext_lazy("Choose"),
    )
    # What to do when none, or one that is not theirs, was chosen.
    choose_body: Any = ""

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        field.queryset = organizations
        field.error_messages |= {"required": self.choose_body, "invalid_choice": self.choose_body}
        known = list(organizations[:2])
        self.only_body: Any = known[0] if len(known) == 1 else None
        if self.only_body:
            field.widget, field.required = forms.HiddenInput(), False

    @property
    def body(self) -> Organization:
        chosen: Organization = self.cleaned_data["organization"] or self.only_body
        return chosen


def make_field(field: Field, choices: list[tuple[str, str]]) -> forms.Field:
    messages = _messages(field)
    if field.kind == "choice":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=False, error_messages=messages)
    if field.kind == "choices":
        return CodesAnswer(choices=choices, required=False, error_messages=messages)
    if field.kind == "date":
        return forms.DateField(widget=forms.DateInput, required=False, error_messages=messages)
    if field.kind == "email":
        return forms.EmailField(max_length=field.max_length, required=False, error_messages=messages)
    if field.kind == "url":
        return forms.URLField(
            max_length=field.max_length, required=False, assume_scheme="https", error_messages=messages
        )
    if field.kind in {"integer", "year"}:
        return WholeAnswer(min_value=0, max_value=MOST_INTEGER, required=False, error_messages=messages)
    if field.kind == "decimal":
        return NumberAnswer(max_digits=16, decimal_places=3, required=False, error_messages=messages)
    is_long = field.kind == "long_text"
    rows = 4 if is_long else 2
    is_seen_whole = (field.max_length or 0) <= ONE_LINE
    widget = forms.TextInput() if is_seen_whole else forms.Textarea(attrs={"rows": rows})
    return TextAnswer(
        has_lines=is_long,
        max_length=field.max_length,
        widget=widget,
        required=field.code == "name_fr",
        error_messages=messages,
    )


def _messages(field: Field) -> dict[str, str]:
    """One sentence for each way to be wrong, which names the question: it is read in the summary too."""
    told = {"label": field.label[reader_language()], "most": field.max_length}
    number = _("“%(label)s”: write a number, such as 1250 or 12.5.") % told
    if field.kind == "integer":
        number = _("“%(label)s”: write a whole number, such as 1250.") % told
    return {
        "required": _("A system keeps a name: type it, then save."),
        "max_length": _("“%(label)s” is too long: %(most)s characters at most.") % told,
        "invalid_choice": _("“%(label)s”: choose one of the answers of the list.") % told,
        "invalid_list": _("“%(label)s”: choose one of the answers of the list.") % told,
        **dict.fromkeys(("min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), number),
        "invalid": _invalid(field, number),
    }


def _invalid(field: Field, number: str) -> str:
    if field.kind in {"integer", "decimal", "year"}:
        return number
    if field.kind == "date":
        return _("Give a date like 2026-11-22.")
    if field.kind == "url":
        return _("“%(label)s”: give a whole web address, such as https://body.example/page.") % {
            "label": field.label[reader_language()]
        }
    return _("Give an e-mail address like name@body.example.")


def dress(made: forms.Field, field: Field) -> forms.Field:
    """The words of the catalogue on a form field: question, help, example, hints of choices, language of the text."""
    language = reader_language()
    is_twin = bool(field.twin_of)
    made.label = field.label[language] if is_twin else field.question[language]
    made.help_text = "" if is_twin else field.help[language]
    made.example = "" if is_twin else field.example[language]  # type: ignore[attr-defined]
    made.choice_hints = {c.code: c.explanation[language] for c in field.choices}  # type: ignore[attr-defined]
    if field.code.endswith(("_fr", "_en")):
        made.widget.attrs["lang"] = field.code[-2:]
    return made


def was_sent(form: forms.Form, code: str) -> bool:
    """No box checked sends nothing at all; any other question that was not sent was not asked."""
    return code in form.data or isinstance(form.fields[code], CodesAnswer)


def check_alone(form: forms.Form, field: Field) -> None:
    """«None of them» beside one of them: which is it?"""
    codes = form.cleaned_data.get(field.code) or []
    alone = {choice.code: choice for choice in field.choices if choice.exclusive}
    if isinstance(codes, list) and len({*codes}) > 1 and (both := [code for code in codes if code in alone]):
        told = {"answer": alone[both[0]].label[reader_language()]}
        form.add_error(field.code, _("Choose “%(answer)s” alone, or the other answers without it.") % told)
