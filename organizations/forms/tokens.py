"""«Mes jetons d'accès»: what a person lets a program do in their place."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from organizations.workflow import Scope

LIVES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))]


class TokenForm(forms.Form):
    """A name, scopes, a life. The secret is drawn by the service."""

    name = forms.CharField(
        label=_("Name of the token"),
        help_text=_("Which program uses it and where, to recognize it in a year."),
        max_length=100,
        error_messages={
            "required": _("Give the token a name: it says which program uses it."),
            "max_length": _("Give the token a name of 100 characters at most."),
        },
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        help_text=_("Never more than you may do yourself, in the bodies where you hold a function."),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    life = forms.ChoiceField(
        label=_("How long?"), help_text=_("It then stops by itself."), choices=LIVES, widget=forms.RadioSelect
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        kept = {name: self.cleaned_data[name] for name in ("name", "scopes", "request_key")}
        return kept | {"expires_on": self._last_day()}

    def _last_day(self) -> date:
        return clock.civil_date(clock.now()) + timedelta(days=int(self.cleaned_data["life"]))
