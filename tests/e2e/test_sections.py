"""A section of a record in a real browser: the network comes and goes, two people meet, advice follows the text."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from organizations.models import User
from organizations.workflow import Role
from registry.models import AISystem
from registry.services.systems import save_answers
from tests.browser import overflows, violations
from tests.e2e.test_save_status import STATUS, sign_in
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db(transaction=True)
NewPage = Callable[..., Page]


@pytest.fixture
def open_section(new_context: Callable[..., BrowserContext], as_user: Any, editor: User, system: AISystem) -> NewPage:
    def open_page(code: str = "purpose", **options: Any) -> Page:
        context = new_context(**options)
        sign_in(context, as_user, editor)
        page = context.new_page()
        page.goto(reverse("registry:section", args=[system.uuid, code]))
        return page

    return open_page


def stored(system: AISystem) -> str:
    return AISystem.objects.get(pk=system.pk).alternative_fr


def test_what_is_typed_without_network_is_saved_when_it_comes_back(open_section: NewPage, system: AISystem) -> None:
    page = open_section()
    page.context.set_offline(True)
    page.locator("[name=alternative_fr]").fill("Tapé sans réseau.")
    expect(page.locator(f"{STATUS}[data-state=offline]")).to_be_visible()
    assert stored(system) == ""
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
    assert stored(system) == "Tapé sans réseau."


def test_two_people_meet_after_a_cut_and_choose(open_section: NewPage, system: AISystem) -> None:
    other = person(system.organization, Role.AI_LEAD)
    page = open_section()
    page.context.set_offline(True)
    page.locator("[name=alternative_fr]").fill("Le second texte.")
    expect(page.locator(f"{STATUS}[data-state=offline]")).to_be_visible()
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=other)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator(f"{STATUS} button").click()
    expect(page.locator(".vg-conflict__stored")).to_have_text(["Le premier texte.", "Le second texte."])
    expect(page.locator(".vg-conflict h3").first).to_contain_text(other.name)
    expect(page.locator(".vg-conflict textarea")).to_be_hidden()
    assert violations(page) == []
    page.get_by_role("radio").nth(2).check()
    expect(page.locator(".vg-conflict textarea")).to_have_value("Le second texte.")
    page.locator(".vg-conflict textarea").fill("Les deux.")
    page.locator("main button.govuk-button").first.click()
    expect(page.locator("form[data-autosave]")).to_be_attached()
    assert stored(system) == "Les deux."


def test_what_nobody_else_wrote_is_saved_while_two_texts_wait(
    open_section: NewPage, system: AISystem, editor: User
) -> None:
    """The autosave meets the conflict; answers typed before and after it are kept, and only one is asked about."""
    page = open_section()
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=editor)
    page.locator("[name=service_fr]").fill("Permis")
    page.locator("[name=alternative_fr]").fill("Le second texte.")
    expect(page.locator(f"{STATUS} button")).to_be_visible()
    assert AISystem.objects.get(pk=system.pk).service_fr == "Permis"
    page.locator("[name=service_fr]").fill("Permis de bâtir")
    page.locator(f"{STATUS} button").click()
    expect(page.locator(".vg-conflict")).to_have_count(1)
    assert AISystem.objects.get(pk=system.pk).service_fr == "Permis de bâtir"
    page.locator("main button.govuk-button").first.click()
    expect(page.locator(".vg-conflict")).to_have_count(1)  # a choice is asked before anything is sent
    page.wait_for_timeout(1000)  # a button does not hear a second press within the same second
    page.get_by_role("radio").nth(1).check()
    page.locator("main button.govuk-button").first.click()
    expect(page.locator("form[data-autosave]")).to_be_attached()
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == ("Le premier texte.", "Permis de bâtir")


def test_what_somebody_else_wrote_comes_to_the_page_and_stays(
    open_section: NewPage, system: AISystem, editor: User
) -> None:
    page = open_section()
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=editor)
    for text in ("Permis", "Permis de bâtir"):
        page.locator("[name=service_fr]").fill(text)
        expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
        page.wait_for_timeout(1500)
    expect(page.locator("[name=alternative_fr]")).to_have_value("Le premier texte.")
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == ("Le premier texte.", "Permis de bâtir")


def test_without_scripts_the_other_text_is_kept_by_one_choice(
    open_section: NewPage, system: AISystem, editor: User
) -> None:
    page = open_section(java_script_enabled=False)
    page.locator("[name=alternative_fr]").fill("Le second texte.")
    page.locator("[name=service_fr]").fill("Permis")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=editor)
    page.locator("button[value=next]").click()
    expect(page.locator(".vg-conflict textarea")).to_be_hidden()
    assert AISystem.objects.get(pk=system.pk).service_fr == "Permis"
    page.locator("[name=settle-alternative_fr][value=theirs]").check()
    page.locator("main button.govuk-button").first.click()
    expect(page.locator("[name=alternative_fr]")).to_have_value("Le premier texte.")


def test_advice_follows_what_is_typed_and_is_not_announced(open_section: NewPage) -> None:
    page = open_section()
    box = page.locator("[data-plain=alternative_fr]")
    expect(box).to_be_hidden()
    page.locator("[name=alternative_fr]").fill("On va implémenter et solutionner.")
    expect(box).to_be_visible()
    expect(box.locator("li")).to_have_count(2)
    assert box.evaluate("at => at.closest('[aria-live], [role=status]')") is None
    box.locator("summary").click()
    assert violations(page) == []
    page.locator("[name=alternative_fr]").fill("On va le faire.")
    expect(box).to_be_hidden()


@pytest.mark.parametrize("code", ["purpose", "decision", "data"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_section_holds_on_a_telephone(open_section: NewPage, whole_system: AISystem, code: str, scheme: str) -> None:
    page = open_section(code, viewport={"width": 320, "height": 700}, color_scheme=scheme)
    assert not overflows(page) and violations(page) == []


# --- Questions that an answer brings ----------------------------------------------------------------------------------
NEW = [f"departure_{name}" for name in ("reason_fr", "accepted_by_fr", "accepted_on")]


def depart(page: Page) -> None:
    page.locator("[name=autonomy][value=alone]").check()
    page.locator("[name=affects_rights][value=yes]").check()


def test_an_answer_that_brings_questions_says_so_beside_it_and_shows_them(open_section: NewPage) -> None:
    page = open_section("decision")
    marks = page.locator("[data-wanted]:visible").count()
    states = page.locator("[data-part=states] [aria-current] ~ .vg-soft")
    before = states.inner_text()
    depart(page)
    notice = page.locator("[data-asked]")
    expect(notice).to_be_visible()
    assert "3" in notice.inner_text()
    assert notice.evaluate("at => at.previousElementSibling.querySelector('[name=affects_rights]') !== null")
    assert page.locator("[data-wanted]:visible").count() != marks and states.inner_text() != before
    done = page.locator("[data-progress-text]").inner_text()
    assert re.findall(r"\d+", done) == re.findall(r"\d+", states.inner_text())[:2]
    assert violations(page) == []
    page.locator("main textarea").first.fill("Tapé juste avant.")
    notice.locator("a").click()
    expect(page.locator(f"[name={NEW[0]}]")).to_be_focused()
    expect(page.locator(".vg-asked")).to_be_visible()
    expect(page.locator("main textarea").first).to_have_value("Tapé juste avant.")
    for name in NEW:
        expect(page.locator(f"[name={name}]")).to_be_attached()
    assert violations(page) == []


def test_an_answer_taken_back_takes_its_notice_along(open_section: NewPage) -> None:
    page = open_section("decision")
    depart(page)
    expect(page.locator("[data-asked]")).to_be_visible()
    page.locator("[name=autonomy][value=supervised]").check()
    expect(page.locator("[data-asked]")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_going_on_comes_back_to_the_questions_that_came(open_section: NewPage, script: bool) -> None:
    page = open_section("decision", java_script_enabled=script)
    address = page.url
    depart(page)
    page.locator("button[value=next]").click()
    page.wait_for_url(f"{address}?new=*")
    expect(page.locator(f"[name={NEW[0]}]")).to_be_focused()
    expect(page.locator(".vg-asked")).to_contain_text("3")
    page.locator("button[value=next]").click()
    page.wait_for_url(lambda url: "/decision/" not in url)
