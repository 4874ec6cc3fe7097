"""Sign-in end to end: account, mailbox, password, second step, passkeys, single sign-on."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from core.models import AuditEvent
from organizations.models import User
from tests.factories.organizations import PASSWORD, person

NEW = {"name": "Personne nouvelle", "email": "Neuve@Organisme.example", "password1": "une longue phrase", "site": ""}


def link_in(message):
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    return found[1]


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password} | more)


@pytest.fixture
def known(db, verified):
    return verified(person(email="connue@organisme.example", name="Personne connue"))


@pytest.fixture
def inside(client, known):
    """Signed in, and the password typed once more: changes that protect the account are then permitted."""
    sign_in(client, known)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- Pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ],
)
def test_pages_before_sign_in(client, db, name, language):
    page = client.get(reverse(name).replace("/fr/", f"/{language}/"))
    assert page.status_code == (401 if name.endswith("error") else 200)
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "account_profile",
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "socialaccount_connections",
    ],
)
def test_pages_of_the_account(client, inside, name, language):
    page = client.get(reverse(name).replace("/fr/", f"/{language}/"))
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


def test_addresses_can_be_read_aloud():
    assert reverse("account_login") == "/fr/compte/connexion/"
    assert reverse("account_signup") == "/fr/compte/creer/"
    assert reverse("mfa_index") == "/fr/compte/securite/"


def test_no_page_of_sign_in_breaks_the_policy(client, inside):
    for name in ("account_login", "mfa_activate_totp", "mfa_add_webauthn"):
        page = client.get(reverse(name), follow=True).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
        assert not re.search(r"\sstyle=|\son\w+=", page)


# --- Account, mailbox, password -------------------------------------------------------------------------------------
def test_an_account_is_created_confirmed_and_opened(client, db):
    answer = client.post(reverse("account_signup"), NEW)
    assert answer["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("neuve@organisme.example", "Personne nouvelle", "fr")
    assert AuditEvent.objects.filter(verb="open_account").exists()
    (message,) = mail.outbox
    page = client.get(link_in(message))
    assert page.context["can_confirm"]
    client.post(link_in(message))
    assert user.emailaddress_set.get().verified
    assert sign_in(client, user, NEW["password1"])["Location"] == reverse("organizations:todo")
    assert client.get(reverse("organizations:todo")).status_code == 200


def test_the_language_of_the_page_is_that_of_the_account(client, db):
    client.post(reverse("account_signup").replace("/fr/", "/en/"), NEW)
    assert User.objects.get().language == "en"
    assert "/en/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "x"}, "email"),
        ({"password1": "court"}, "password1"),
        ({"password1": "neuve@organisme.example"}, "password1"),
    ],
)
def test_what_is_wrong_is_said(client, db, wrong, field):
    answer = client.post(reverse("account_signup"), NEW | wrong)
    assert field in answer.context["form"].errors
    assert not User.objects.exists()


def test_a_machine_that_fills_every_field_makes_no_account(client, db):
    answer = client.post(reverse("account_signup"), NEW | {"site": "https://spam.example"})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not User.objects.exists()


def test_nobody_learns_who_has_an_account(client, known):
    answer = client.post(reverse("account_signup"), NEW | {"email": known.email})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert reverse("account_reset_password") in mail.outbox[0].body
    client.post(reverse("account_reset_password"), {"email": "inconnue@organisme.example"})
    assert reverse("account_signup") in mail.outbox[1].body


def test_an_unconfirmed_mailbox_does_not_enter(client, db):
    user = person(email="neuve@organisme.example")
    assert sign_in(client, user)["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("organizations:todo")).status_code == 302
    assert len(mail.outbox) == 1


def test_a_wrong_password_is_one_sentence(client, known):
    answer = sign_in(client, known, "autre chose")
    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) == 1


def test_too_many_tries_are_stopped(client, known):
    for _number in range(5):
        sign_in(client, known, "autre chose")
    assert sign_in(client, known).status_code == 200
    assert client.get(reverse("organizations:todo")).status_code == 302


def test_a_closed_account_does_not_enter(client, known):
    known.is_active = False
    known.save()
    assert sign_in(client, known)["Location"] == reverse("account_inactive")


def test_a_forgotten_password_is_chosen_anew(client, known):
    client.post(reverse("account_reset_password"), {"email": known.email})
    (message,) = mail.outbox
    form = client.get(link_in(message), follow=True)
    where = form.redirect_chain[-1][0]
    assert client.post(where, {"password1": "court"}).context["form"].errors
    client.post(where, {"password1": "une autre longue phrase"})
    known.refresh_from_db()
    assert known.check_password("une autre longue phrase")
    assert len(mail.outbox) == 2
    assert "token_fail" in client.get(link_in(message), follow=True).context


def test_changing_the_password_tells_by_mail(inside, known):
    sent = {"oldpassword": PASSWORD, "password1": "une autre longue phrase"}
    assert inside.post(reverse("account_change_password"), sent)["Location"] == reverse("account_profile")
    assert mail.outbox[-1].to == [known.email]
    assert "127.0.0.1" in mail.outbox[-1].body
    assert inside.get(reverse("organizations:todo")).status_code == 200


def test_a_new_e_mail_replaces_the_old_when_confirmed(inside, known):
    inside.post(reverse("account_email"), {"action_add": "1", "email": "nouvelle@organisme.example"})
    known.refresh_from_db()
    assert known.email == "connue@organisme.example"
    page = inside.get(reverse("account_email"))
    assert page.context["new_emailaddress"].email == "nouvelle@organisme.example"
    message = next(one for one in mail.outbox if one.to == ["nouvelle@organisme.example"])
    inside.post(link_in(message))
    known.refresh_from_db()
    assert known.email == "nouvelle@organisme.example"


def test_signing_out_by_a_button_only(inside):
    assert inside.get(reverse("account_logout")).status_code == 200
    assert inside.get(reverse("organizations:todo")).status_code == 200
    inside.post(reverse("account_logout"))
    assert inside.get(reverse("organizations:todo")).status_code == 302


def test_a_sign_in_goes_to_no_other_site(client, known):
    answer = client.post(
        reverse("account_login"), {"login": known.email, "password": PASSWORD, "next": "https://ailleurs.example/"}
    )
    assert answer["Location"] == reverse("organizations:todo")


def test_a_mail_server_that_refuses_is_said_and_the_account_stays(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    answer = client.post(reverse("account_signup"), NEW, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]].count("error") == 1
    assert User.objects.exists()


# --- Second step ----------------------------------------------------------------------------------------------------
@pytest.fixture
def with_code(inside, known, django_capture_on_commit_callbacks):
    """The authenticator application is on; the secret typed from the page."""
    page = inside.get(reverse("mfa_activate_totp"))
    shown = re.search(r'<code class="vg-break" translate="no">([A-Z2-7 ]+)</code>', page.content.decode())[1]
    assert all(len(group) == 4 for group in shown.split())
    secret = shown.replace(" ", "")
    with django_capture_on_commit_callbacks(execute=True):
        answer = inside.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_the_key_is_a_picture_and_a_text(inside):
    page = inside.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert page.context["form"].secret not in re.findall(r'alt="([^"]*)"', page.content.decode())


def test_a_wrong_code_turns_nothing_on(inside, known):
    inside.get(reverse("mfa_activate_totp"))
    answer = inside.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert answer.context["form"].errors["code"]
    assert not Authenticator.objects.filter(user=known).exists()


def test_the_second_step_with_the_key_typed_as_text(client, with_code, known):
    assert mail.outbox[-1].to == [known.email]
    client.logout()
    answer = sign_in(client, known)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("organizations:todo")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).context["form"].errors
    code = code_for(with_code)
    cache.clear()  # a code serves once: the one used to turn it on is spent
    answer = client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})
    assert answer["Location"] == reverse("organizations:todo")
    assert client.get(reverse("organizations:todo")).status_code == 200


def test_a_recovery_code_serves_once(client, with_code, known):
    page = client.get(reverse("mfa_view_recovery_codes"))
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes
    for expected in (reverse("organizations:todo"), None):
        client.logout()
        sign_in(client, known)
        answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert answer.get("Location") == expected


def test_the_second_step_is_turned_off_with_its_notice(client, with_code, known):
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=known, type="totp").exists()
    assert mail.outbox[-1].to == [known.email]


def test_a_protecting_change_asks_who_it_is(as_user, known):
    """Entered long ago, by a cookie: the password is asked again."""
    client = as_user(known)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(answer["Location"], {"password": "autre"}).context["form"].errors
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")


# --- Passkeys and single sign-on ------------------------------------------------------------------------------------
def test_passkey_pages_carry_data_and_files_only(inside):
    page = inside.get(reverse("mfa_add_webauthn"))
    assert page.context["js_data"]["creation_options"]
    body = page.content.decode()
    assert "mfa/js/webauthn.js" in body and "passkey-data" in body


def test_a_passkey_is_renamed_and_removed(inside, known):
    key = Authenticator.objects.create(user=known, type="webauthn", data={"name": "Téléphone", "credential": {}})
    assert "Téléphone" in inside.get(reverse("mfa_list_webauthn")).content.decode()
    assert inside.get(reverse("mfa_edit_webauthn", args=[key.pk])).status_code == 200
    inside.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Clé du bureau"})
    key.refresh_from_db()
    assert key.data["name"] == "Clé du bureau"
    assert inside.get(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 200
    inside.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_single_sign_on_shows_only_when_it_is_set(client, db, settings):
    assert "/compte/organisme/" not in client.get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "organisme",
                    "name": "Connexion du Ministère",
                    "client_id": "x",
                    "secret": "y",
                    "settings": {"server_url": "https://connexion.example"},
                }
            ]
        }
    }
    for name in ("account_login", "account_signup"):
        page = client.get(reverse(name)).content.decode()
        assert "Connexion du Ministère" in page
        assert reverse("openid_connect_login", args=["organisme"]) in page
    assert client.get(reverse("openid_connect_login", args=["organisme"])).status_code == 200


def test_an_unknown_provider_is_not_found(client, db):
    assert client.get(reverse("openid_connect_login", args=["inconnu"])).status_code == 404


def test_settings_keep_guards_on():
    assert settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
    assert getattr(settings, "ACCOUNT_RATE_LIMITS", {}) is not False
    assert settings.ACCOUNT_REAUTHENTICATION_REQUIRED
