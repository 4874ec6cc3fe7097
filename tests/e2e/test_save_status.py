"""Where one types one sees the last save, and it hides nothing; an ended session loses nothing. In a real browser."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import Assessment
from assessments.services.guests import invite_guest
from core import clock
from core.services import NotPossibleNow
from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem
from registry.services.systems import begin_system, check_not_put_away
from tests.browser import overflows, violations
from tests.e2e.test_declaration import edit_url
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db(transaction=True)
NewPage = Callable[..., Page]
STATUS = "[data-autosave-status]"
# Each thing one can reach by keyboard: does it stand behind the bar once it has the focus?
HIDDEN_BY_THE_BAR = """() => {
  const bar = document.querySelector("[data-autosave-bar]");
  const at = document.activeElement;
  if (!at || at === document.body || bar.contains(at)) return "";
  const top = bar.getBoundingClientRect().top, box = at.getBoundingClientRect();
  const isUnder = box.bottom > top + 1 && box.top < bar.getBoundingClientRect().bottom;
  return isUnder && box.height < top ? at.outerHTML.slice(0, 80) : "";
}"""

# Whatever a screen reader would say by itself, wherever it stands in the page.
HEAR = """() => {
  window.heard = [];
  const aloud = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off]), output";
  const region = ({ target }) => (target.closest ? target : target.parentElement)?.closest(aloud);
  new MutationObserver((all) => {
    const said = [...new Set(all.map(region))].map((each) => each?.textContent.trim()).filter(Boolean);
    window.heard.push(...said);
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def open_form(new_context: Callable[..., BrowserContext], as_user: Any, editor: User, body: Organization) -> NewPage:
    """The form of a draft, opened by somebody who is signed in."""
    draft = begin_system(organization=body, answers={"name_fr": "Tri des permis"}, by=editor)

    def open_page(language: str = "fr", **options: Any) -> Page:
        context = new_context(**options)
        sign_in(context, as_user, editor)
        page = context.new_page()
        page.goto(edit_url(draft).replace("/fr/", f"/{language}/"))
        return page

    return open_page


def sign_in(context: BrowserContext, as_user: Any, user: User) -> None:
    cookie = as_user(user).cookies[settings.SESSION_COOKIE_NAME].value
    host = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}
    context.add_cookies([host])  # type: ignore[list-item]


def type_and_wait(page: Page, text: str = "Une phrase.") -> None:
    page.locator("[name=summary_fr]").fill(text)
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()


# --- Seen -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "text"), [(320, 600, 100), (320, 600, 200), (1280, 800, 100)])
def test_the_last_save_is_in_sight_and_low(open_form: NewPage, scheme: str, width: int, height: int, text: int) -> None:
    page = open_form(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    type_and_wait(page)
    expect(page.locator(STATUS)).to_be_in_viewport(ratio=1)
    for state in ("offline", "signedOut"):
        said = page.locator(STATUS).evaluate("(at, state) => at.textContent = at.dataset[`text${state}`]", _key(state))
        assert said
        page.evaluate("window.dispatchEvent(new Event('resize'))")
        box = page.locator("[data-autosave-bar]").bounding_box()
        assert box and box["height"] <= height / 4 and box["y"] + box["height"] <= height + 1, state
        assert violations(page) == []
    assert text > 100 or not overflows(page)
    assert page.locator("[role=status]").count() == 1


def _key(state: str) -> str:
    return state[0].upper() + state[1:]


@pytest.mark.parametrize("text", [100, 200])
def test_nothing_that_has_the_focus_hides_behind_it(open_form: NewPage, text: int) -> None:
    page = open_form(viewport={"width": 320, "height": 600})
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    type_and_wait(page)
    page.evaluate("at => document.querySelector(at).textContent += ' et encore'.repeat(30)", STATUS)
    hidden: list[str] = []
    for key in ("Tab", "Shift+Tab"):
        for _step in range(70):
            page.keyboard.press(key)
            if found := page.evaluate(HIDDEN_BY_THE_BAR):
                hidden.append(found)
    assert hidden == []


def test_one_save_is_announced_once(open_form: NewPage) -> None:
    page = open_form()
    page.evaluate(
        """at => { window.said = 0; new MutationObserver((all) => {
          window.said += all.filter((one) => one.type === "childList").length; })
          .observe(document.querySelector(at), { childList: true, characterData: true, subtree: true }); }""",
        STATUS,
    )
    type_and_wait(page)
    page.wait_for_timeout(500)
    assert page.evaluate("window.said") == 1


@pytest.mark.parametrize("is_guest", [False, True], ids=["staff", "guest"])
def test_each_save_of_an_assessment_is_announced_once_and_nothing_else_is(
    new_context: Callable[..., BrowserContext], as_user: Any, editor: User, efvp: Assessment, is_guest: bool
) -> None:
    """An answer that changes the counters, the sections beside and the questions asked; another in the same minute."""
    context = new_context()
    address = reverse("assessments:section", args=[efvp.uuid, "project"])
    if is_guest:
        address = link_of_a_guest(efvp, editor)
    else:
        sign_in(context, as_user, editor)
    page = context.new_page()
    page.goto(address)
    page.evaluate(HEAR)
    for number, name in enumerate(["sensitivity", "purpose_effect"], start=1):
        with page.expect_response(re.compile(re.escape(address))):
            page.locator(f"[name={name}]").last.check()
        page.wait_for_function("number => window.heard.length >= number", arg=number)
        page.wait_for_timeout(500)
        heard = page.evaluate("window.heard")
        assert len(heard) == number and all(one.startswith("Enregistré à") for one in heard), heard
    assert set(efvp.values()) >= {"sensitivity", "purpose_effect"}


def link_of_a_guest(assessment: Assessment, by: User) -> str:
    who = {"name": "Personne invitée", "on_behalf_of": "Fournisseur", "email": "soutien@fournisseur.example"}
    _guest, link = invite_guest(
        assessment=assessment,
        questions=["sensitivity", "purpose_effect"],
        language="fr",
        ends_on=clock.civil_date(clock.now()),
        by=by,
        **who,
    )
    return urlsplit(link).path


def test_other_pages_have_no_bar(open_form: NewPage) -> None:
    page = open_form()
    page.goto("/fr/espace/systemes/")
    assert page.locator("[data-autosave-bar]").count() == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollPaddingBottom") == "auto"


# --- The session ends -----------------------------------------------------------------------------------------------
def test_signing_in_in_another_tab_saves_what_waited(open_form: NewPage, as_user: Any, editor: User) -> None:
    page = open_form()
    Session.objects.all().delete()
    page.locator("[name=summary_fr]").fill("Tapé après la fin.")
    expect(page.locator(f"{STATUS} a[target=_blank]")).to_be_visible()
    page.locator("button[value=leave]").click()
    expect(page.locator("[name=summary_fr]")).to_have_value("Tapé après la fin.")
    sign_in(page.context, as_user, editor)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # signing in gives another token
    page.context.new_page().goto("/fr/espace/")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_visible()
    page.locator("[name=need_fr]").fill("Tapé ensuite.")
    page.locator("button[value=leave]").click()
    page.wait_for_url(re.compile(r"/systemes/[0-9a-f-]+/$"))
    system = AISystem.objects.get()
    assert (system.summary_fr, system.need_fr) == ("Tapé après la fin.", "Tapé ensuite.")


@pytest.mark.parametrize("is_token_stale", [True, False])
def test_nothing_is_saved_under_the_name_of_who_signs_in_next(
    open_form: NewPage, as_user: Any, editor: User, body: Organization, is_token_stale: bool
) -> None:
    page = open_form()
    Session.objects.all().delete()
    page.locator("[name=summary_fr]").fill("Tapé par la première personne.")
    expect(page.locator(f"{STATUS} a[target=_blank]")).to_be_visible()
    sign_in(page.context, as_user, person(body, Role.AI_LEAD))
    if is_token_stale:
        page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.context.new_page().goto("/fr/espace/")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said = page.locator(f"{STATUS}[data-state=problem]:not(:has(a))")
    expect(said).to_have_text(re.compile("."))
    page.locator("[name=need_fr]").fill("Encore.")
    page.locator("button[value=leave]").click()
    page.wait_for_timeout(2500)
    expect(said).to_be_visible()
    found = AISystem.objects.get()
    assert (found.summary_fr, found.need_fr, found.updated_by) == ("", "", editor)
    kept = page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('vigie-unsaved'))")
    assert [str(editor.uuid) in key for key in kept] == [True]
    sign_in(page.context, as_user, editor)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_visible()
    found.refresh_from_db()
    assert (found.summary_fr, found.updated_by) == ("Tapé par la première personne.", editor)


def test_a_record_put_away_meanwhile_says_so_and_no_dispute(open_form: NewPage, editor: User) -> None:
    page = open_form()
    AISystem.objects.update(put_away_at=clock.now(), put_away_by=editor, put_away_reason="Doublon.")
    page.locator("[name=summary_fr]").fill("Tapé trop tard.")
    line = page.locator(f"{STATUS}[data-state=problem]")
    with translation.override("fr"), pytest.raises(NotPossibleNow) as refused:
        check_not_put_away(AISystem.objects.get())
    expect(line).to_have_text(refused.value.sentence)
    expect(line.locator("a, button")).to_have_count(0)
    expect(page.locator("[name=summary_fr]")).to_have_value("Tapé trop tard.")
    page.locator("button[value=leave]").click()
    expect(page.locator("main textarea[readonly]").last).to_have_text("Tapé trop tard.")


@pytest.mark.parametrize("script", [True, False])
def test_what_was_sent_too_late_is_sent_again(open_form: NewPage, as_user: Any, editor: User, script: bool) -> None:
    """Without our script on the form (it is off, or did not come): the page of the ended session holds everything."""
    page = open_form(java_script_enabled=script)
    if script:
        page.evaluate("document.querySelector('form[data-autosave]').removeAttribute('novalidate')")
        page.route("**/vigie*.js", lambda route: route.abort())
        page.reload()
        page.unroute("**/vigie*.js")
    Session.objects.all().delete()
    page.locator("[name=summary_fr]").fill("Tapé après la fin.")
    page.locator("[name=phase][value=idea]").check()
    page.locator("button[value=leave]").click()
    expect(page.locator("main textarea[readonly]")).to_have_count(2)
    if script:
        assert violations(page) == []
    sign_in(page.context, as_user, editor)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.context.new_page().goto("/fr/espace/systemes/")
    presses = 1 if script else 2  # the first one only learns the new token
    for _press in range(presses):
        page.locator("form[data-renew-token] button").click()
    page.wait_for_url(re.compile(r"/systemes/[0-9a-f-]+/$"))
    system = AISystem.objects.get()
    assert (system.summary_fr, system.phase) == ("Tapé après la fin.", "idea")
