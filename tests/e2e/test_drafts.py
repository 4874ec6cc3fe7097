"""A form that does not save by itself loses nothing: it asks before leaving, waits for the network, gives back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AdverseEvent, AISystem, HostingSite
from registry.services.parts import add_part, save_part
from tests.browser import overflows, violations
from tests.e2e.test_save_status import sign_in
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db(transaction=True)
NewPage = Callable[..., Page]
STATUS = "[data-draft-status]"
TEXT = "Trois paragraphes.\n\nLe deuxième.\n\nLe troisième."
SAVE = "main form .govuk-button-group button"
KEPT = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('vigie-draft')).length"


@pytest.fixture
def open_row(new_context: Callable[..., BrowserContext], as_user: Any, editor: User, system: AISystem) -> NewPage:
    def open_page(part: str = "adverse_events", user: User = editor, **options: Any) -> Page:
        context = new_context(**options)
        sign_in(context, as_user, user)
        page = context.new_page()
        page.goto(reverse("registry:add_part", args=[system.uuid, part]))
        return page

    return open_page


def fill(page: Page, text: str = TEXT) -> None:
    page.locator("[name=what_happened_fr]").fill(text)


def leave(page: Page, *, agree: bool) -> list[str]:
    """Follow a link of the menu; what the browser asked."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if agree:
            dialog.accept()
        else:
            dialog.dismiss()

    page.once("dialog", answer)
    page.locator(".govuk-breadcrumbs a, nav a").first.click(no_wait_after=True)
    page.wait_for_timeout(700)
    return asked


def test_leaving_asks_first_and_what_was_typed_comes_back(open_row: NewPage) -> None:
    page = open_row()
    address = page.url
    fill(page)
    assert leave(page, agree=False) == ["beforeunload"] and page.url == address
    assert leave(page, agree=True) == ["beforeunload"] and page.url != address
    page.go_back()
    expect(page.locator("[name=what_happened_fr]")).to_have_value(TEXT)
    expect(page.locator(STATUS)).not_to_be_empty()
    assert violations(page) == []
    page.locator(f"{STATUS} button").click()
    expect(page.locator("[name=what_happened_fr]")).to_have_value("")
    assert page.evaluate(KEPT) == 0


def test_nothing_typed_nothing_asked(open_row: NewPage) -> None:
    page = open_row()
    fill(page)
    fill(page, "")
    assert leave(page, agree=True) == []


def test_sending_without_network_stays_and_says_so_then_works(open_row: NewPage) -> None:
    page = open_row()
    fill(page)
    page.locator("[name=occurred_on]").fill("2026-03-01")
    page.locator("[name=was_stopped]").first.check()
    page.context.set_offline(True)
    page.locator(SAVE).click()
    expect(page.locator(f"{STATUS}[data-state=problem]")).to_be_visible()
    expect(page.locator("[name=what_happened_fr]")).to_have_value(TEXT)
    page.context.set_offline(False)
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_visible()
    page.wait_for_timeout(1000)  # a button does not hear a second press within the same second
    page.locator(SAVE).click()
    page.wait_for_url(re.compile("/questions/"))
    assert AdverseEvent.objects.get().what_happened_fr == TEXT
    assert page.evaluate(KEPT) == 0, "saved: the tab forgets it"


def test_a_tab_that_crashed_gives_the_text_back_and_no_other_tab_does(open_row: NewPage) -> None:
    page = open_row()
    fill(page)
    address = page.url
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator("[name=what_happened_fr]")).to_have_value("")
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("[name=what_happened_fr]")).to_have_value(TEXT)
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


def test_another_person_of_the_same_tab_finds_nothing(open_row: NewPage, as_user: Any, colleague: User) -> None:
    page = open_row()
    fill(page)
    address = page.url
    page.goto("about:blank")
    sign_in(page.context, as_user, colleague)
    page.goto(address)
    expect(page.locator("[name=what_happened_fr]")).to_have_value("")


@pytest.fixture
def colleague(body: Organization) -> User:
    return person(body, Role.CONTRIBUTOR)


def test_signing_out_forgets_what_was_typed(open_row: NewPage) -> None:
    page = open_row()
    fill(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url(lambda url: "/lignes/" not in url)
    assert page.evaluate(KEPT) == 0


def test_a_refused_form_still_asks_and_still_comes_back(open_row: NewPage) -> None:
    page = open_row()
    address = page.url
    fill(page)
    page.locator(SAVE).click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator(STATUS)).to_be_empty()
    assert leave(page, agree=True) == ["beforeunload"]
    page.goto(address)
    expect(page.locator("[name=what_happened_fr]")).to_have_value(TEXT)


def test_after_the_end_of_the_session_the_text_waits_for_who_signs_in_again(
    open_row: NewPage, as_user: Any, editor: User
) -> None:
    page = open_row("hosting")
    address = page.url
    page.locator("[name=name_fr]").fill("Base")
    page.locator("[name=place_fr]").fill("Québec")
    page.locator("[name=country]").first.check()
    Session.objects.all().delete()
    page.locator(SAVE).click()
    expect(page.locator("main")).to_contain_text("Québec")  # the server gives it back too
    sign_in(page.context, as_user, editor)
    page.goto("/fr/espace/")
    page.goto(address)
    expect(page.locator("[name=place_fr]")).to_have_value("Québec")
    page.locator(SAVE).click()
    page.wait_for_url(re.compile("/questions/"))
    assert HostingSite.objects.get().name_fr == "Base"


def test_a_text_that_comes_back_is_compared_with_what_was_saved_meanwhile(
    open_row: NewPage, system: AISystem, editor: User
) -> None:
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=system, part="hosting", answers=answers, by=editor)
    page = open_row("hosting")
    page.goto(reverse("registry:change_part", args=[system.uuid, "hosting", row.uuid]))
    page.locator("[name=place_fr]").fill("Gatineau")
    page.goto("about:blank")
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=editor)
    page.goto(reverse("registry:change_part", args=[system.uuid, "hosting", row.uuid]))
    expect(page.locator("[name=place_fr]")).to_have_value("Gatineau")
    page.locator(SAVE).first.click()
    expect(page.locator(".vg-conflict__stored")).to_have_text(["Lévis", "Gatineau"])
    assert leave(page, agree=False) == ["beforeunload"], "the page of the conflict holds what is not saved"
    page.locator("[value=mine]").check()
    page.locator(SAVE).click()
    page.wait_for_url(re.compile("/questions/"))
    assert HostingSite.objects.get().place_fr == "Gatineau"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_said_holds_on_a_telephone(open_row: NewPage, scheme: str) -> None:
    page = open_row(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    fill(page)
    page.goto("about:blank")
    page.go_back()
    expect(page.locator(STATUS)).not_to_be_empty()
    assert not overflows(page) and violations(page) == []
