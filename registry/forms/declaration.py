"""The questions of a declaration, as the field catalogue asks them, and the page that opens a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.services import Unsaved
from core.text import form_value, reader_language
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field
from registry.forms.answers import OneBodyForm, check_alone, dress, make_field, was_sent
from registry.models import AISystem
from registry.public.facts import answers_of
from registry.rules.attention import is_asked
from registry.services.days import day_problems
from registry.services.systems import kept_answers, kept_sentence
from registry.workflow import Phase

PROJECT_PHASES = (Phase.IDEA, Phase.DEVELOPMENT, Phase.EXPERIMENT, Phase.PILOT)
SERVICE_PHASES = (Phase.REGULARIZING, Phase.SUSPENDED, Phase.RETIRED)
PROJECT, SERVICE = "project", "service"


@dataclass(frozen=True)
class OtherAnswer:
    """What somebody else answered meanwhile to a question of the page, as a form sends it."""

    label: str
    values: list[str]


class AnswersForm(forms.Form):
    """Some questions of the catalogue about one system. Nothing but the name is required to be saved."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, data: Any = None, *, system: AISystem, asked: Iterable[Field], situation: str = "") -> None:
        self.system = system
        self.situation = situation or situation_of(system)
        self.others: dict[str, OtherAnswer] = {}
        self.others_are_own = False  # by the same person, in another tab
        # Once declared, the phase changes on a page of its own, where the gates speak.
        self.asked = [field for field in asked if field.code != "phase" or not system.is_declared]
        self.kept = frozenset(field.code for field in kept_answers(system))
        initial = {field.code: system.value(field.code) for field in self.asked}
        super().__init__(data, initial={**initial, "version": system.version})
        for field in self.asked:
            self.fields[field.code] = self._form_field(field)

    def _form_field(self, field: Field) -> forms.Field:
        made = dress(make_field(field, self._choices(field)), field)
        made.is_optional = not field.mandatory_for  # type: ignore[attr-defined]
        if field.code in self.kept:
            made.required, made.error_messages["required"] = True, kept_sentence(field)
        if field.mandatory_for == {"sheet"}:
            made.help_text = " ".join([str(made.help_text), _("Needed for the sheet to become public.")])
        if field.code == "phase" and self.situation == PROJECT:
            made.help_text = ""  # it speaks of phases that are not in this list
        return made

    def _choices(self, field: Field) -> list[tuple[str, str]]:
        choices = list(CATALOGUE.choices(field.code, reader_language()))
        if field.code != "phase":
            return choices
        offered = offered_phases(self.system, self.situation)
        return [(code, label) for code, label in choices if code in offered]

    def clean_version(self) -> int:
        """A form without its version has read nothing: whatever differs from what is stored is shown, not written."""
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        for field in self.asked:
            check_alone(self, field)
        sent = {code: value for code, value in self.cleaned_data.items() if code in self.data}
        answers, fields = answers_of(self.system) | sent, {field.code: field for field in CATALOGUE.fields}
        for code, sentence in day_problems(fields, answers, sent, today=clock.civil_date(clock.now())).items():
            self.add_error(code, sentence)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, Any]:
        """What may be saved: the valid answers among those that were sent."""
        codes = [field.code for field in self.asked if field.code in self.cleaned_data and was_sent(self, field.code)]
        return {code: self.cleaned_data[code] for code in codes}

    @property
    def unsaved(self) -> list[Unsaved]:
        """What is not valid, as it was typed: it is given back beside what is in dispute."""
        sent: Any = self.data
        return [
            Unsaved(
                field.code,
                field.label[reader_language()],
                ",".join(sent.getlist(field.code)),
                str(self.errors[field.code][0]),
            )
            for field in self.asked
            if field.code in self.errors and field.code in sent
        ]

    def show_stored(self, kept: AISystem) -> None:
        """What this person only read follows what somebody else wrote meanwhile: sent again, it undoes nothing."""
        sent: Any = self.data
        data = sent.copy()
        for code, value in self.answers.items():
            stored = kept.value(code)
            if not CATALOGUE.field(code).is_same(stored, value):
                values = list(stored) if isinstance(stored, list) else [form_value(stored)]
                self.others[code] = OtherAnswer(CATALOGUE.label(code, reader_language()), values)
                data.setlist(code, values)
        self.data = data

    def tell_missing(self, missing: Iterable[Field]) -> None:
        """Each mandatory answer that waits becomes an error with its link."""
        for field in missing:
            if field.code not in self.errors:
                label = field.label[reader_language()]
                self.add_error(field.code, _("%(label)s: this answer is missing.") % {"label": label})


def declaration_fields(organization: Organization) -> tuple[Field, ...]:
    """What is asked first: the twelve answers of a declaration and what a public sheet needs."""
    first = [field for field in CATALOGUE.fields if field.asked_first]
    return CATALOGUE.asked(first, in_english=organization.publishes_in_english)


def section_fields(system: AISystem, section: str) -> tuple[Field, ...]:
    """All the questions of one section that have a meaning for this system."""
    answers = answers_of(system)
    here = [field for field in CATALOGUE.in_section(section) if is_asked(field, answers)]
    return CATALOGUE.asked(here, in_english=system.organization.publishes_in_english)


def situation_of(system: AISystem) -> str:
    """A project, or a system that serves or served already."""
    return SERVICE if system.phase in {*SERVICE_PHASES, Phase.IN_SERVICE} else PROJECT


def offered_phases(system: AISystem, situation: str) -> set[str]:
    """For a draft. Being in service is decided, not chosen: only a system that is there already may stay there."""
    return set(SERVICE_PHASES if situation == SERVICE else PROJECT_PHASES) | {system.phase} - {""}


class BeginForm(OneBodyForm):
    """What opens a draft: which of the two situations, which body, what it is called."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    situation = forms.ChoiceField(
        label=gettext_lazy("What are you declaring?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is a project or a system already in service.")},
    )
    choose_body = gettext_lazy("Choose the body that answers for the system.")
    field_order = ["situation", "organization"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        situation: Any = self.fields["situation"]
        situation.choices = [(PROJECT, _("A project")), (SERVICE, _("A system already in service"))]
        situation.choice_hints = {
            PROJECT: _("It is under study, being built, tried out or in pilot."),
            SERVICE: _("It serves today, or it served and was stopped. Declaring it now is not a fault."),
        }
        field = CATALOGUE.field("name_fr")
        name = self.fields["name_fr"] = make_field(field, [])
        name.label, name.help_text = field.question[reader_language()], field.help[reader_language()]
        name.error_messages["required"] = _("Give the system a name: the rest can wait.")
        name.example = field.example[reader_language()]  # type: ignore[attr-defined]

    @property
    def answers(self) -> dict[str, Any]:
        """Already in service means «being regularized» until the person says otherwise."""
        phase = {"phase": Phase.REGULARIZING} if self.cleaned_data["situation"] == SERVICE else {}
        return {"name_fr": self.cleaned_data["name_fr"], **phase}
