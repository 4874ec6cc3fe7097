"""Addresses of sign-in, under /compte/: allauth's views, by the names it expects, at addresses one can read aloud.

No `app_name`: allauth looks its own names up without one.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from organizations.views import joining, tokens
from organizations.views.account import profile

urlpatterns = [
    path("", profile, name="account_profile"),
    path("invitation/<str:secret>/", joining.invitation, name="account_invitation"),
    path("premiers-pas/<str:token>/", joining.first_steps, name="account_first_steps"),
    path("jetons/", tokens.tokens, name="account_tokens"),
    path("jetons/nouveau/", tokens.new_token, name="account_new_token"),
    path("jetons/<uuid:uuid>/revoquer/", tokens.revoke, name="account_revoke_token"),
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("creer/", account.signup, name="account_signup"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("identite/", account.reauthenticate, name="account_reauthenticate"),
    path("courriel/", account.email, name="account_email"),
    path("courriel/a-confirmer/", account.email_verification_sent, name="account_email_verification_sent"),
    path("courriel/confirmer/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/nouveau/fait/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("securite/", mfa.index, name="mfa_index"),
    path("securite/code/", mfa.authenticate, name="mfa_authenticate"),
    path("securite/identite/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("securite/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("securite/codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/codes/telecharger/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("securite/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cles/identite/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("securite/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("securite/cles/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("organisme/", social.connections, name="socialaccount_connections"),
    path("organisme/annulee/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("organisme/erreur/", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("organisme/creer/", social.signup, name="socialaccount_signup"),
    path("organisme/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("organisme/<slug:provider_id>/retour/", oidc.callback, name="openid_connect_callback"),
]
if settings.MFA_PASSKEY_LOGIN_ENABLED:
    urlpatterns.append(path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"))
