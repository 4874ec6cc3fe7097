"""The one question every new account is asked beside its e-mail. Alone here: allauth builds its own forms upon it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NameAsked(forms.Form):
    """Named in ACCOUNT_SIGNUP_FORM_CLASS, so that an account that comes by single sign-on is asked too."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your colleagues know you. A function is enough."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: Any, user: Any) -> None:
        """Nothing more: the adapter gave the name to the service that opens the account."""
