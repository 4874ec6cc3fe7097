"""The questions of a declaration, as the field catalogue asks them, and the page that opens a draft."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.text import reader_language
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field
from registry.forms.answers import CodesAnswer, OneBodyForm, make_field
from registry.models import AISystem
from registry.services.systems import kept_answers, kept_sentence
from registry.workflow import Phase

PROJECT_PHASES = (Phase.IDEA, Phase.DEVELOPMENT, Phase.EXPERIMENT, Phase.PILOT)
SERVICE_PHASES = (Phase.REGULARIZING, Phase.SUSPENDED, Phase.RETIRED)
PROJECT, SERVICE = "project", "service"


class DeclarationForm(forms.Form):
    """The questions of a declaration, as the catalogue asks them. Nothing but the name is required to be saved."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, data: Any = None, *, system: AISystem, situation: str = "") -> None:
        self.system = system
        self.situation = situation or situation_of(system)
        initial = {field.code: system.value(field.code) for field in (*CATALOGUE.fields, *CATALOGUE.twins)}
        super().__init__(data, initial={**initial, "version": system.version})
        for field in asked_fields(system.organization):
            self.fields[field.code] = self._form_field(field)

    def _form_field(self, field: Field) -> forms.Field:
        language = reader_language()
        made = make_field(field, self._choices(field))
        made.label = field.question[language] if not field.twin_of else field.label[language]
        made.help_text = field.help[language] if not field.twin_of else ""
        made.example = field.example[language] if not field.twin_of else ""  # type: ignore[attr-defined]
        made.choice_hints = {c.code: c.explanation[language] for c in field.choices}  # type: ignore[attr-defined]
        made.is_optional = not field.mandatory_for  # type: ignore[attr-defined]
        if field in kept_answers(self.system):
            made.required, made.error_messages["required"] = True, kept_sentence(field)
        if field.mandatory_for == {"sheet"}:
            made.help_text = " ".join([made.help_text, _("Needed for the sheet to become public.")])
        if field.code == "phase" and not self.system.is_declared and self.situation == PROJECT:
            made.help_text = ""  # it speaks of phases that are not in this list
        if field.code.endswith(("_fr", "_en")):
            made.widget.attrs["lang"] = field.code[-2:]
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

    def clean_affected(self) -> list[str]:
        codes: list[str] = self.cleaned_data["affected"]
        alone = {choice.code for choice in CATALOGUE.field("affected").choices if choice.exclusive}
        if len(codes) > 1 and alone & set(codes):
            raise ValidationError(_("Choose «No one» alone, or the people affected without «No one»."))
        return codes

    def clean_started_on(self) -> date | None:
        day: date | None = self.cleaned_data["started_on"]
        if day and day > clock.civil_date(clock.now()):
            raise ValidationError(_("Give a date that has passed, or leave it empty if the system is not in use yet."))
        return day

    @property
    def answers(self) -> dict[str, Any]:
        """What may be saved: the valid answers among those that were sent."""
        sent = {
            code: value for code, value in self.cleaned_data.items() if code in self.fields and self._was_sent(code)
        }
        sent.pop("version", None)
        return sent

    def _was_sent(self, code: str) -> bool:
        """No box checked sends nothing at all; any other question that was not sent was not asked."""
        return code in self.data or isinstance(self.fields[code], CodesAnswer)

    def tell_missing(self, missing: Iterable[Field]) -> None:
        """Each mandatory answer that waits becomes an error with its link."""
        for field in missing:
            if field.code not in self.errors:
                label = field.label[reader_language()]
                self.add_error(field.code, _("%(label)s: this answer is missing.") % {"label": label})


def asked_fields(organization: Organization) -> list[Field]:
    """English twins only where the body's own language directive lets it publish in English."""
    twins = CATALOGUE.twins if organization.publishes_in_english else ()
    return [*CATALOGUE.fields, *twins]


def situation_of(system: AISystem) -> str:
    """A project, or a system that serves or served already."""
    return SERVICE if system.phase in {*SERVICE_PHASES, Phase.IN_SERVICE} else PROJECT


def offered_phases(system: AISystem, situation: str) -> set[str]:
    """Being in service is decided, not chosen: only a system that is there already may stay there."""
    stays = {system.phase} - {""}
    if system.is_declared:
        return {*PROJECT_PHASES, *SERVICE_PHASES} | stays
    return set(SERVICE_PHASES if situation == SERVICE else PROJECT_PHASES) | stays


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
