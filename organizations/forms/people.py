"""Inviting, giving a function, answering a request."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import reader_language
from organizations.models import User
from organizations.workflow import Role

# What each function lets a person do in the body, in one line under its name.
ROLE_HINTS = {
    Role.READER: _("Reads what the body has declared."),
    Role.CONTRIBUTOR: _("Writes and corrects system sheets with the system owner."),
    Role.SYSTEM_OWNER: _("Declares systems, keeps their sheets, has them published."),
    Role.PRIVACY_OFFICER: _("Gives the second look and answers citizens."),
    Role.AI_LEAD: _("Declares, publishes, gives the second look, follows all systems of the body."),
    Role.SECURITY_OFFICER: _("Reads everything of the body."),
    Role.LEGAL_ADVISER: _("Reads everything of the body."),
    Role.DATA_STEWARD: _("Reads everything of the body."),
    Role.DECIDING_AUTHORITY: _("Reads everything of the body and gives the second look."),
    Role.COMMITTEE_MEMBER: _("Reads what the body has declared."),
    Role.COMMITTEE_CHAIR: _("Reads what the body has declared."),
    Role.COMMITTEE_SECRETARY: _("Reads what the body has declared."),
    Role.ORGANIZATION_ADMIN: _("Keeps the sheet of the body, invites people and gives the functions."),
    Role.CENTRAL_AGENCY: _("Reads what this body and those below it have declared; creates bodies."),
    Role.AUDITOR: _("Reads what this body and those below it have declared and its history, and makes reports."),
    Role.PLATFORM_ADMIN: _("Creates bodies and looks after the platform; reads no file of a body."),
}


class RolesField(forms.MultipleChoiceField):
    """The functions a person may give, each with what it lets one do."""

    choice_hints = {str(role): hint for role, hint in ROLE_HINTS.items()}

    def __init__(self, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(
            label=_("Functions"),
            help_text=_("One person may hold several."),
            choices=[(role.value, role.label) for role in roles],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one function.")},
            **kwargs,
        )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the person"),
        help_text=_("The one of their work. The link we send works for 14 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the message"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ["email", "roles", "language"]

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = reader_language()
        self.fields["roles"] = RolesField(roles)
        self.order_fields(self.field_order)


class GiveRoleForm(forms.Form):
    """To a person who belongs to the body already."""

    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave empty if no end is foreseen."),
        required=False,
        widget=forms.DateInput,
    )

    def __init__(self, *args: Any, roles: Sequence[Role], person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["roles"] = RolesField(roles)

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        today = clock.civil_date(clock.now())
        if day and not today <= day <= today + timedelta(days=3660):
            raise forms.ValidationError(_("Choose a day within ten years from today."))
        return day


class AnswerForm(forms.Form):
    """Letting a person in: with which functions."""

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = RolesField(roles)


class RequestAccessForm(forms.Form):
    function = forms.CharField(
        label=_("What do you do in this body?"),
        help_text=_("Its administration reads this to know who you are."),
        max_length=200,
    )
    function.example = _("Analyst in the permits branch, in charge of the request triage project.")  # type: ignore[attr-defined]
