"""What is typed in a page that saves by itself, while the network is away, outlives the page and its tab."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem, CommonToolUse
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.systems import save_answers
from tests.browser import overflows, violations
from tests.e2e.test_save_status import STATUS, sign_in
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db(transaction=True)
NewContext = Callable[..., BrowserContext]
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('vigie-unsaved')).length"
AGE = """days => { for (const key of Object.keys(localStorage)) {
  const kept = JSON.parse(localStorage.getItem(key));
  for (const one of Object.values(kept)) one.at -= days * 24 * 3600 * 1000;
  localStorage.setItem(key, JSON.stringify(kept));
} }"""
NO_NETWORK = "() => { window.fetch = () => Promise.reject(new Error()); }"
NOTICE = "[data-brought-back]"
TEXT = "Tapé sans réseau.\n\nEt encore."


@pytest.fixture
def context(new_context: NewContext, as_user: Any, editor: User) -> BrowserContext:
    opened = new_context()
    sign_in(opened, as_user, editor)
    return opened


@pytest.fixture
def address(system: AISystem) -> str:
    return reverse("registry:section", args=[system.uuid, "purpose"])


def open_at(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    return page


def type_and_close(context: BrowserContext, address: str, name: str = "alternative_fr", text: str = TEXT) -> None:
    """Typed without network; the tab is closed, then the network comes back."""
    page = open_at(context, address)
    context.set_offline(True)
    page.locator("main details:not([open]) > summary").evaluate_all("all => all.forEach((each) => each.click())")
    page.locator(f"[name={name}]").fill(text)
    expect(page.locator(f"{STATUS}[data-state=offline]")).to_be_visible()
    page.evaluate(NO_NETWORK)  # a closing tab tries once more
    page.close()
    context.set_offline(False)


def stored(system: AISystem) -> str:
    return AISystem.objects.get(pk=system.pk).alternative_fr


def saved(page: Page) -> None:
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()


def test_a_closed_tab_gives_the_text_back_and_saves_it(context: BrowserContext, address: str, system: AISystem) -> None:
    type_and_close(context, address)
    page = open_at(context, address)
    expect(page.locator("[name=alternative_fr]")).to_have_value(TEXT)
    expect(page.locator(NOTICE)).to_contain_text(re.compile(r"\d{4}"))
    assert violations(page) == []
    saved(page)
    assert stored(system) == TEXT and page.evaluate(KEPT) == 0
    page.reload()
    expect(page.locator(NOTICE)).to_have_count(0)


@pytest.mark.parametrize("page_name", ["edit", "common_tools_of"])
def test_so_do_the_other_pages_that_save_by_themselves(
    context: BrowserContext, system: AISystem, body: Organization, page_name: str
) -> None:
    is_record = page_name == "edit"
    name = "need_fr" if is_record else f"product_{COMMON_TOOLS.codes[0]}"
    address = reverse(f"registry:{page_name}", args=[system.uuid if is_record else body.uuid])
    type_and_close(context, address, name, "Un mot.")
    page = open_at(context, address.replace("/fr/", "/en/"))
    expect(page.locator(f"[name={name}]")).to_have_value("Un mot.")
    saved(page)
    if is_record:
        assert AISystem.objects.get(pk=system.pk).need_fr == "Un mot."
    else:
        assert CommonToolUse.objects.exclude(product="").get().product == "Un mot."


def test_leaving_the_page_and_coming_back_gives_choices_back_too(context: BrowserContext, system: AISystem) -> None:
    address = reverse("registry:section", args=[system.uuid, "decision"])
    page = open_at(context, address)
    context.set_offline(True)
    page.locator("[name=autonomy][value=supervised]").check()
    page.goto("about:blank")
    context.set_offline(False)
    page.goto(address)
    expect(page.locator("[name=autonomy][value=supervised]")).to_be_checked()
    saved(page)
    assert AISystem.objects.get(pk=system.pk).autonomy == "supervised"


def test_what_somebody_else_wrote_meanwhile_is_compared(
    context: BrowserContext, address: str, system: AISystem, editor: User
) -> None:
    type_and_close(context, address)
    answers = {"alternative_fr": "Le premier texte.", "service_fr": "Permis"}
    save_answers(system=system, answers=answers, version=system.version, by=person(system.organization, Role.AI_LEAD))
    page = open_at(context, address)
    expect(page.locator(f"{STATUS}[data-state=problem] :is(a, button)")).to_be_visible()
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == ("Le premier texte.", "Permis")
    assert page.evaluate(KEPT) == 1, "until both texts were compared"
    page.close()  # and even so
    page = open_at(context, address)
    page.locator(f"{STATUS} :is(a, button)").click()
    expect(page.locator(".vg-conflict__stored")).to_have_text(["Le premier texte.", TEXT.replace("\n", "")])
    page.locator("[value=theirs]").check()
    page.locator("main button.govuk-button").first.click()
    expect(page.locator("[name=alternative_fr]")).to_have_value("Le premier texte.")
    assert page.evaluate(KEPT) == 0
    assert stored(system) == "Le premier texte."


def test_an_answer_that_is_refused_stays_until_it_is_corrected(context: BrowserContext, system: AISystem) -> None:
    address = reverse("registry:section", args=[system.uuid, "purpose"])
    page = open_at(context, address)
    page.locator("[name=service_url]").fill("pas une adresse")
    expect(page.locator(f"{STATUS}[data-state=problem]")).to_be_visible()
    page.close()
    page = open_at(context, address)
    expect(page.locator("[name=service_url]")).to_have_value("pas une adresse")
    expect(page.locator(f"{STATUS}[data-state=problem]")).to_be_visible()
    page.locator("button[value=leave]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert page.evaluate(KEPT) == 1
    page.locator("[name=service_url]").fill("https://www.exemple.example/permis")
    saved(page)
    assert page.evaluate(KEPT) == 0


def test_signing_out_erases_it(context: BrowserContext, address: str) -> None:
    type_and_close(context, address)
    page = open_at(context, "/fr/espace/")
    assert page.evaluate(KEPT) == 1
    page.locator("form[data-sign-out]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url(lambda url: "/espace/" not in url)
    assert page.evaluate(KEPT) == 0


def test_another_account_finds_nothing_and_erases_it(
    context: BrowserContext, address: str, system: AISystem, as_user: Any, editor: User
) -> None:
    type_and_close(context, address)
    sign_in(context, as_user, person(system.organization, Role.CONTRIBUTOR))
    page = open_at(context, "/fr/espace/")
    assert page.evaluate(KEPT) == 0
    page.goto(address)
    expect(page.locator("[name=alternative_fr]")).to_have_value("")
    sign_in(context, as_user, editor)
    page.goto(address)
    expect(page.locator("[name=alternative_fr]")).to_have_value("")


@pytest.mark.parametrize(("days", "kept"), [(6, 1), (8, 0)])
def test_it_is_kept_a_week(context: BrowserContext, address: str, days: int, kept: int) -> None:
    type_and_close(context, address)
    page = open_at(context, "/fr/")
    page.evaluate(AGE, days)
    page.reload()
    assert page.evaluate(KEPT) == kept


@pytest.mark.parametrize("broken", ["throw new Error('full')", "return '{nothing'"])
def test_a_browser_that_keeps_nothing_breaks_no_page(
    new_context: NewContext, as_user: Any, editor: User, address: str, system: AISystem, broken: str
) -> None:
    opened = new_context()
    sign_in(opened, as_user, editor)
    opened.add_init_script(
        f"for (const name of ['getItem', 'setItem']) Storage.prototype[name] = function () {{ {broken}; }}"
    )
    page = open_at(opened, address)
    opened.set_offline(True)
    page.locator("[name=alternative_fr]").fill(TEXT)
    expect(page.locator(f"{STATUS}[data-state=offline]")).to_be_visible()
    opened.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert stored(system) == TEXT


def test_two_tabs_keep_each_its_own_answers(context: BrowserContext, address: str, system: AISystem) -> None:
    first, second = open_at(context, address), open_at(context, address)
    context.set_offline(True)
    for page in (first, second):
        page.evaluate(NO_NETWORK)
    first.locator("[name=alternative_fr]").fill(TEXT)
    second.locator("[name=service_fr]").fill("Permis")
    first.close()
    second.close()
    context.set_offline(False)
    page = open_at(context, address)
    expect(page.locator("[name=alternative_fr]")).to_have_value(TEXT)
    saved(page)
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == (TEXT, "Permis")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_said_holds_on_a_telephone(
    new_context: NewContext, as_user: Any, editor: User, address: str, scheme: str
) -> None:
    opened = new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    sign_in(opened, as_user, editor)
    type_and_close(opened, address)
    page = open_at(opened, address)
    expect(page.locator(NOTICE)).to_be_visible()
    assert not overflows(page) and violations(page) == []
