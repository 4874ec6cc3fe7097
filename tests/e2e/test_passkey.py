"""A passkey, with the authenticator that the browser simulates: added, refused in one sentence, used to sign in."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from organizations.workflow import Role
from tests.access.people import known_person, sign_in
from tests.browser import violations

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def authenticator(page: Page) -> Callable[[bool], Any]:
    """A phone beside the browser; `answer(False)`: its owner says no."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    phone = wire.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    def answer(yes: bool) -> Any:
        return wire.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": yes})

    return answer


def test_a_passkey_is_added_refused_and_used(new_context: Callable[..., BrowserContext], body: Any) -> None:
    user = known_person(body, Role.READER)
    context = new_context()
    page = context.new_page()
    page.goto("/")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sign_in(user), "url": page.url}])
    page.goto(reverse("mfa_add_webauthn"))
    answer = authenticator(page)
    page.get_by_label("Nom").fill("Téléphone")
    page.locator("[name=passwordless]").check()
    answer(False)
    page.locator("#passkey").click()
    expect(page.get_by_role("status").filter(has_text="Aucune clé")).to_be_visible()
    assert violations(page) == []
    answer(True)
    page.locator("#passkey").click()
    page.wait_for_url(lambda url: not url.endswith(reverse("mfa_add_webauthn")))
    assert list(Authenticator.objects.filter(user=user, type="webauthn").values_list("data__name")) == [("Téléphone",)]

    context.clear_cookies()
    page.goto("/fr/compte/connexion/")
    answer(False)
    page.locator("#passkey").click()
    expect(page.get_by_role("status").filter(has_text="Aucune clé")).to_be_visible()
    answer(True)
    page.locator("#passkey").click()
    page.wait_for_url("**/espace/**")
