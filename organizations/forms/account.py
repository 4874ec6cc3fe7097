"""Forms of sign-in: those of allauth in our words, without placeholders (which vanish when one types)."""

import re
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HINT = _("12 characters or more. A few words that do not go together are easy to remember.")
CODE_HINT = _("The 6 digits that the application shows, or one of your recovery codes.")
WORDS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("Password"),
    "code": _("Code"),
    "passwordless": _("Let this passkey open the session without a password"),
}
SPACES = re.compile(r"\s+")


class InOurWords:
    """Mixin: labels and hints of ours; a password is typed once, since «Show» lets one check it."""

    words: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields.pop("password2", None)
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = (WORDS | self.words).get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(InOurWords, account.LoginForm):
    pass


class SignUpForm(InOurWords, account.SignupForm):
    field_order = ["name", "email", "password1"]
    hints = {
        "name": _("As your colleagues know you. A function is enough."),
        "email": _("The one of your work, if you have one. We send a link to it."),
        "password1": PASSWORD_HINT,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Hidden by a class: the policy of our pages refuses the inline style that allauth gives it.
        trap = self.fields["site"]
        trap.widget = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})


class AddEmailForm(InOurWords, account.AddEmailForm):
    words = {"email": _("New e-mail")}
    hints = {"email": _("We send a link to it. The present one stays yours until you follow that link.")}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    hints = {"password1": PASSWORD_HINT}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    words = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class CodeField(forms.CharField):
    """A code read aloud or copied in groups: spaces do not count."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}), max_length=40, **kwargs)

    def to_python(self, value: Any) -> str:
        return SPACES.sub("", super().to_python(value) or "")


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    code = CodeField()
    hints = {"code": CODE_HINT}


class ReauthenticateByCodeForm(InOurWords, mfa.ReauthenticateForm):
    code = CodeField()
    hints = {"code": CODE_HINT}


class ActivateTotpForm(InOurWords, totp.ActivateTOTPForm):
    code = CodeField()
    hints = {"code": _("The 6 digits that the application shows now.")}

    @property
    def secret_in_groups(self) -> str:
        """By four, as one reads it and types it."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):
    words = {"name": _("Name of the passkey")}
    hints = {"name": _("To tell yours apart: “telephone”, “office key”.")}


class EditPasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    words = {"name": _("Name of the passkey")}


class ProfileForm(forms.Form):
    """What a person may change of their own account without proving again who they are."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language of the messages you receive"),
        choices=[("fr", "Français"), ("en", "English")],
        widget=forms.RadioSelect,
    )
