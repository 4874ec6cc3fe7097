"""Inviting somebody without account: who, for whom, which questions, until when."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessments.questionnaires import Section
from assessments.scoring.asking import Reading
from assessments.services.guests import LONGEST
from core import clock
from core.text import reader_language
from organizations.forms.texts import TextAnswer

USUAL = timedelta(days=21)


class GuestForm(forms.Form):
    """`reading`: the questions that are asked now, one list of boxes for each section."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    name = TextAnswer(label=_("Who is invited?"), max_length=200)
    on_behalf_of = TextAnswer(
        label=_("For which enterprise or body do they answer?"),
        max_length=200,
        help_text=_("Their answers are marked with this name."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"invalid": _("Type a whole e-mail address, like prenom.nom@organisme.example.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the message"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the language of the message.")},
    )
    ends_on = forms.DateField(
        label=_("Until when?"),
        help_text=_("Within 90 days. The link opens nothing after that day."),
        error_messages={"invalid": _("Give a date like 2026-11-22.")},
    )

    def __init__(self, data: Any = None, *, reading: Reading) -> None:
        usual = clock.civil_date(clock.now()) + min(USUAL, LONGEST)
        super().__init__(data, initial={"request_key": uuid4(), "language": reader_language(), "ends_on": usual})
        self.lists: dict[str, Section] = {}
        for section in reading.sections:
            name, language = f"questions_{section.code}", reader_language()
            choices = [(question.id, question.label[language]) for question in reading.asked_in(section)]
            if choices:
                self.lists[name] = section
                self.fields[name] = forms.MultipleChoiceField(
                    label=section.title[language],
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages=dict.fromkeys(
                        ("invalid_choice", "invalid_list"), _("Choose again among the questions: they have changed.")
                    ),
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.chosen and not any(name in self.errors for name in self.lists) and self.lists:
            self.add_error(next(iter(self.lists)), _("Choose at least one question of the list."))
        return cleaned

    @property
    def chosen(self) -> list[str]:
        return [code for name in self.lists for code in self.cleaned_data.get(name) or ()]

    @property
    def question_lists(self) -> Iterable[Any]:
        """(field, whether something is chosen or wrong in it)."""
        bound = [self[name] for name in self.lists]
        return [(one, bool(one.value() or one.errors)) for one in bound]

    @property
    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        others = {name: value for name, value in self.cleaned_data.items() if name not in self.lists}
        return {**others, "questions": self.chosen}
