"""Accounts opened by a link that proves the mailbox: an invitation, or the first steps of a site."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from organizations.forms.account import PASSWORD_HINT
from organizations.forms.bodies import IdentityForm
from organizations.forms.name import NameAsked
from organizations.models import User


class NewAccountForm(NameAsked):
    """Name and password; the e-mail is known or asked beside."""

    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=cleaned.get("email") or self.known_email, name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class FounderForm(NewAccountForm, IdentityForm):
    """«Premiers pas»: the first account and the first body of a site."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ["email", "name", "password", "name_fr", "sigle", "kind", "regimes", "employees"]

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, email=email, **kwargs)
        if email:  # the link was made for this address
            self.fields["email"].initial, self.fields["email"].disabled = email, True
