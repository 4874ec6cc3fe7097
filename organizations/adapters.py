"""Between allauth and this room: accounts are opened by our service, mails and messages are in our words."""

import io
from smtplib import SMTPException
from typing import Any

import segno
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.text import reader_language
from organizations.exports import letter
from organizations.models import User
from organizations.services.accounts import open_account

log = structlog.get_logger(__name__)

ERRORS = {
    "account_inactive": _("This account is closed: ask the administration of your body."),
    "duplicate_email": _("This e-mail is yours already."),
    "email_password_mismatch": _("The e-mail or the password is not right. Check both, or choose another password."),
    "email_taken": _("Somebody has an account under this e-mail."),
    "enter_current_password": _("The current password is not right."),
    "incorrect_code": _("This code is not right: it changes every 30 seconds, type the one shown now."),
    "incorrect_password": _("The password is not right."),
    "invalid_or_expired_key": _("This link is over: ask for another one."),
    "invalid_password_reset": _("This link is over: ask for another one."),
    "rate_limited": _("Too many tries in a short time: wait a few minutes."),
    "same_as_current": _("Type something else than what is there now."),
    "too_many_login_attempts": _("Too many tries in a short time: wait five minutes, or choose another password."),
    "unknown_email": _("Nobody has an account under this e-mail."),
    "unverified_primary_email": _("Confirm your e-mail first: the message we sent you has the link."),
}
MFA_ERRORS = {
    "add_email_blocked": _("Turn two-step verification off before changing your e-mail."),
    "cannot_delete_authenticator": _("Your body requires two-step verification."),
    "cannot_generate_recovery_codes": _("Recovery codes go with two-step verification: turn it on first."),
    "incorrect_code": ERRORS["incorrect_code"],
    "unverified_email": _("Confirm your e-mail before turning two-step verification on."),
}
SOCIAL_ERRORS = {
    "email_taken": _("You have an account under this e-mail: sign in to it, then link it to %s in “My account”."),
    "no_password": _("Choose a password for your account first."),
    "no_verified_email": _("Confirm your e-mail first."),
    "disconnect_last": _("This is your only way to sign in: choose a password first."),
    "connected_other": _("That account is linked to another person's account here."),
}
# What the page says after an act; what is not here says nothing.
SAID_AFTER = {
    "account/messages/email_confirmation_sent.txt": _("We sent a link to %(email)s."),
    "account/messages/email_confirmed.txt": _("Your e-mail %(email)s is confirmed."),
    "account/messages/email_confirmation_failed.txt": _("This e-mail was confirmed in another account."),
    "account/messages/email_deleted.txt": _("The e-mail %(email)s is no longer yours here."),
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/unverified_primary_email.txt": ERRORS["unverified_primary_email"],
    "mfa/messages/recovery_codes_generated.txt": _("Here are your recovery codes; any former ones are dead."),
    "mfa/messages/totp_activated.txt": _("Two-step verification is on."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator application is off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "socialaccount/messages/account_connected.txt": _("The accounts are linked."),
    "socialaccount/messages/account_connected_updated.txt": _("The accounts are linked."),
    "socialaccount/messages/account_connected_other.txt": SOCIAL_ERRORS["connected_other"],
    "socialaccount/messages/account_disconnected.txt": _("The accounts are no longer linked."),
}
# What a mail tells of a change; all these share one template.
NOTICES = {
    "account/email/email_changed": _("The e-mail of your account was changed."),
    "account/email/email_confirm": _("The e-mail of your account was confirmed."),
    "account/email/email_deleted": _("An e-mail was removed from your account."),
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_reset": _("The password of your account was chosen anew."),
    "account/email/password_set": _("A password was given to your account."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
    "mfa/email/totp_activated": _("Two-step verification was turned on for your account."),
    "mfa/email/totp_deactivated": _("The authenticator application was turned off for your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "socialaccount/email/account_connected": _("Your account was linked to single sign-on."),
    "socialaccount/email/account_disconnected": _("Your account is no longer linked to single sign-on."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | ERRORS

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> User:
        """By our service, with its event. A single sign-on account has no password."""
        data = form.cleaned_data
        return open_account(
            user=user,
            email=data.get("email") or user.email,
            name=data.get("name") or user.name or data.get("email") or user.email,
            language=reader_language(),
            password=data.get("password1"),
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or SAID_AFTER.get(message_template or "")
        if sentence:
            told = message_context or {}
            messages.add_message(request, level, str(sentence) % told if "%(" in str(sentence) else str(sentence))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once and not by the outbox: these mails hold a link that opens the account, and no row may hold it."""
        language = getattr(context.get("user"), "language", "") or reader_language()
        with translation.override(language):
            notice = NOTICES.get(template_prefix, "")
            template = "account/email/notice.txt" if notice else f"{template_prefix}.txt"
            mail = letter(template, context | {"email": email, "notice": notice}, to=email, language=language)
        try:
            mail.send()
        except (OSError, SMTPException) as error:
            log.error("mail refused", template=template_prefix, reason=type(error).__name__)
            sentence = gettext("The message could not leave. Try again in a few minutes.")
            messages.error(current.request, sentence)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | MFA_ERRORS

    def build_totp_svg(self, url: str) -> str:
        """Black on white with its margin, in the dark theme too: a telephone reads nothing else."""
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return out.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Passkey")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | SOCIAL_ERRORS

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """The name that the body's own directory gives."""
        user = super().populate_user(request, sociallogin, data)
        whole = " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))
        user.name = str(data.get("name") or whole or user.email)[:150]
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        user = sociallogin.user
        if form:
            AccountAdapter(request).save_user(request, user, form)
        else:
            open_account(user=user, email=user.email, name=user.name, language=reader_language(), password=None)
        sociallogin.save(request)
        return user
