"""The scripts of the pages in a real browser: nothing typed is lost, nothing is kept, the theme holds, axe is content.

The browser sees no network: each address is answered here, with the policy of production.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://vigie.example"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FORM = """{% extends "staff.html" %}{% block content %}<h1 class="govuk-heading-l">Form</h1>
<form method="post" action="/sent" data-autosave="/saved" novalidate>
  <input type="hidden" name="csrfmiddlewaretoken" value="token"><input type="hidden" name="version" value="1">
  {% field form.name %}{% field form.evidence %}{% autosave_status %}{% button "Send" %}</form>{% endblock %}"""
JOB = """{% extends "staff.html" %}{% block content %}<h1 class="govuk-heading-l">Report</h1>
{% job_status "/job" %}<p>Being made</p>{% endjob_status %}{% endblock %}"""

WORKPLACE = {"navigation": [], "user_menu": None}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Site:
    """Answers the browser: pages by path, the built files, and what a test makes of autosave."""

    def __init__(self, context: BrowserContext) -> None:
        self.pages: dict[str, str] = {}
        self.posts: list[str] = []
        self.token = ""  # what a fresh copy of the page gives; empty: its address leads to the sign-in page
        self.answers: list[tuple[int, Any]] = []  # one per autosave; then 200
        self.refused: list[str] = []
        context.route("**/*", self.answer)

    def show(self, path: str, source: str, **context: Any) -> None:
        request = RequestFactory().get(path)
        values = {"request": request, "csrf_token": "token", "workplace": WORKPLACE, **context}
        self.pages[path] = Template(source).render(Context(values))

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = ROOT / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif path == "/saved" and route.request.method == "GET":
            self.renew(route)
        elif path == "/saved":
            self.save(route)
        elif path in self.pages:
            route.fulfill(
                body=self.pages[path], content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )  # fmt: skip
        else:
            self.refused.append(route.request.url)
            route.abort()

    def save(self, route: Route) -> None:
        self.posts.append(route.request.post_data or "")
        status, answer = self.answers.pop(0) if self.answers else (200, self.saved(len(self.posts)))
        if status == 0:
            route.abort("internetdisconnected")
        elif status == 302:
            route.fulfill(status=302, headers={"Location": "/sign-in"})
        elif isinstance(answer, str):
            route.fulfill(status=status, body=answer, content_type="text/html")
        else:
            route.fulfill(status=status, body=json.dumps(answer), content_type="application/json")

    def renew(self, route: Route) -> None:
        if self.token:
            route.fulfill(body=f'<meta name="csrf-token" content="{self.token}">', content_type="text/html")
        else:
            route.fulfill(status=302, headers={"Location": "/sign-in"})

    @staticmethod
    def saved(number: int) -> dict[str, Any]:
        return {"version": 1 + number, "message": f"Saved, {number}"}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=SITE)
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def site(context: BrowserContext) -> Site:
    return Site(context)


@pytest.fixture
def tab(context: BrowserContext, site: Site) -> Page:
    """A page that fails the test when the policy refuses something or a script breaks."""
    from core.templatetags.gallery import SampleForm

    with override("en"):
        site.show("/form", FORM, form=SampleForm())
        site.show("/job", JOB)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"A script broke: {error}"))
    page.on("console", lambda message: "Content Security Policy" in message.text and pytest.fail(message.text))
    return page


def version(page: Page) -> str:
    return page.locator("[name=version]").input_value()


def test_autosave_saves_within_two_seconds_and_follows_the_version(tab, site):
    tab.goto("/form")
    tab.locator("#id_name").press_sequentially("Été – «œuvre»")
    expect(tab.locator("[data-autosave-status]")).to_have_text("Saved, 1", timeout=2000)
    assert version(tab) == "2"
    assert len(site.posts) == 1, "one save for one burst of keys"
    assert "Été – «œuvre»" in site.posts[0]
    assert 'name="autosave"' in site.posts[0]
    assert 'name="evidence"' not in site.posts[0], "files go by the button"
    assert tab.locator("[data-autosave-status]").get_attribute("role") == "status"


def test_keys_typed_during_a_save_are_saved_too(tab, site):
    tab.goto("/form")
    tab.locator("#id_name").fill("a")
    with tab.expect_request("**/saved"):
        pass
    tab.locator("#id_name").press_sequentially("b")
    expect(tab.locator("[data-autosave-status]")).to_have_text("Saved, 2")
    assert re.search(r'name="name"\s+ab\s', site.posts[-1])
    assert version(tab) == "3"


def test_without_network_the_text_stays_and_is_tried_again(tab, site):
    site.answers = [(0, None), (503, {}), (200, {"version": 2, "message": "Saved at last"})]
    tab.goto("/form")
    tab.locator("#id_name").fill("kept")
    status = tab.locator("[data-autosave-status]")
    expect(status).to_contain_text("Offline")
    assert tab.locator("#id_name").input_value() == "kept"
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    tab.evaluate("() => { location.href = '/job'; }")
    expect(status).to_have_text("Saved at last", timeout=9000)
    assert asked == ["beforeunload"], "leaving with unsaved text asks first"
    assert len(site.posts) == 3
    assert tab.url.endswith("/form")


@pytest.mark.parametrize(
    "answer", [{"message": "Somebody saved"}, {"message": "Somebody saved", "conflict_url": "/job"}]
)
def test_a_conflict_stops_and_shows_the_way(tab, site, answer):
    site.answers = [(409, answer)]
    tab.goto("/form")
    tab.locator("#id_name").fill("mine")
    expect(tab.locator("[data-autosave-status]")).to_contain_text("Somebody saved")
    tab.locator("#id_name").fill("mine again")
    tab.wait_for_timeout(1500)
    assert len(site.posts) == 1, "no retry over somebody's text"
    way = tab.locator("[data-autosave-status] .govuk-link")
    expect(way).to_have_text("Compare both texts")
    if "conflict_url" in answer:
        assert way.get_attribute("href") == "/job"
    else:
        with tab.expect_request("**/sent") as sent:
            way.click()
        assert "mine+again" in (sent.value.post_data or "")


def test_a_right_taken_away_says_so_and_keeps_the_text(tab, site):
    site.answers = [(403, {"message": ""})]
    tab.goto("/form")
    tab.locator("#id_name").fill("mine")
    expect(tab.locator("[data-autosave-status]")).to_contain_text("Not saved")
    assert tab.locator("#id_name").input_value() == "mine"


@pytest.mark.parametrize("answer", [(302, None), (403, "<h1>Not sent</h1>")])
def test_an_ended_session_is_waited_for_and_the_text_saved_after_signing_in(tab, site, answer):
    site.answers = [answer]
    tab.goto("/form")
    tab.locator("#id_name").fill("mine")
    status = tab.locator("[data-autosave-status]")
    expect(status).to_contain_text("your session has ended")
    expect(status.get_by_role("link")).to_have_attribute("target", "_blank")
    tab.locator("#id_name").press_sequentially(" too")
    tab.wait_for_timeout(1500)
    assert len(site.posts) == 1, "nobody is signed in: nothing to post"
    site.token = "fresh"
    tab.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status).to_have_text("Saved, 2")
    assert "fresh" in site.posts[1] and "mine too" in site.posts[1]
    assert tab.locator("[name=csrfmiddlewaretoken]").input_value() == "fresh"
    with tab.expect_request("**/sent") as sent:
        tab.get_by_role("button", name="Send").click()
    assert "csrfmiddlewaretoken=fresh" in (sent.value.post_data or "")


def test_sending_after_the_session_ended_stays_on_the_page_with_the_text(tab, site):
    tab.goto("/form")
    tab.locator("#id_name").fill("mine")
    site.answers = [(302, None)]
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator("[data-autosave-status]")).to_contain_text("your session has ended")
    assert tab.url.endswith("/form") and tab.locator("#id_name").input_value() == "mine"
    assert site.refused == []
    site.token = "fresh"
    tab.wait_for_timeout(1000)  # a button does not hear a second press within the same second
    with tab.expect_request("**/sent") as sent:
        tab.get_by_role("button", name="Send").click()
    assert "csrfmiddlewaretoken=fresh" in (sent.value.post_data or "")


def test_signed_in_again_before_anything_was_noticed_nothing_is_said(tab, site):
    site.answers, site.token = [(403, "<h1>Not sent</h1>")], "fresh"
    tab.goto("/form")
    tab.locator("#id_name").fill("mine")
    expect(tab.locator("[data-autosave-status]")).to_have_text("Saved, 2")
    assert "fresh" in site.posts[1]


def test_an_invalid_answer_costs_one_post_a_pause(tab, site):
    site.answers = [(422, {"message": "Too long"})] * 40
    tab.goto("/form")
    tab.locator("#id_name").fill("x" * 300)
    expect(tab.locator("[data-autosave-status]")).to_have_text("Too long")
    tab.wait_for_timeout(9000)  # longer than anybody waits for a save
    for _key in range(30):
        tab.locator("#id_name").press("y")
        tab.wait_for_timeout(100)
    tab.wait_for_timeout(2000)
    assert len(site.posts) == 2, "one for each pause"
    for _key in range(40):
        tab.locator("#id_name").press("z")
        tab.wait_for_timeout(250)
    tab.wait_for_timeout(2000)
    assert len(site.posts) <= 4, "ten seconds without a pause: once on the way, once at the end"


def test_what_cannot_be_saved_as_typed_is_said_and_tried_at_the_next_key(tab, site):
    site.answers = [(422, {"message": "Too long"})]
    tab.goto("/form")
    tab.locator("#id_name").fill("x" * 300)
    expect(tab.locator("[data-autosave-status]")).to_have_text("Too long")
    tab.wait_for_timeout(1500)
    assert len(site.posts) == 1
    tab.locator("#id_name").fill("short")
    expect(tab.locator("[data-autosave-status]")).to_have_text("Saved, 2")


def test_the_browser_keeps_the_theme_and_nothing_else(tab, site):
    tab.goto("/form")
    tab.locator("#id_name").fill("secret")
    expect(tab.locator("[data-autosave-status]")).to_have_text("Saved, 1")
    tab.get_by_role("button", name="Dark theme").click()
    tab.reload()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 25, 28)"
    stored = "() => [Object.entries(localStorage), Object.entries(sessionStorage)]"
    assert tab.evaluate(stored) == [[["data-theme", "dark"]], []]
    expect(tab.get_by_role("button", name="Light theme")).to_be_visible()


def test_a_job_is_followed_until_it_ends_without_repeating_itself(tab, site):
    tab.goto("/job")
    tab.evaluate(
        """() => { window.said = 0;
        new MutationObserver((all) => { window.said += all.filter((one) => one.type !== 'attributes').length; })
          .observe(document.querySelector('.vg-job'), { subtree: true, childList: true, characterData: true }); }"""
    )
    with override("en"):
        site.pages["/job"] = Template('{% job_status "/job" %}<p>Being made</p>{% endjob_status %}').render(Context())
        tab.wait_for_timeout(2300)
        assert tab.evaluate("window.said") == 0, "an unchanged state is not announced again"
        site.pages["/job"] = Template('{% job_status "/job" is_finished=True %}<p>Ready</p>{% endjob_status %}').render(
            Context()
        )
    expect(tab.locator(".vg-job")).to_have_text("Ready")
    del site.pages["/job"]
    tab.wait_for_timeout(1500)
    assert site.refused == [], "a finished job asks no more"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("fr", 320), ("en", 768)])
def test_the_gallery_has_no_accessibility_fault(browser, language, width, theme):
    """Every component in every state; nothing scrolls sideways, nothing sticks."""
    with override(language):
        html = render_to_string("components/gallery.html", {}, request=RequestFactory().get(f"/{language}/"))
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, base_url=SITE, reduced_motion="reduce"
    )
    site = Site(context)
    site.pages["/gallery"] = html
    tab = context.new_page()
    tab.goto("/gallery")
    tab.evaluate("document.fonts.ready")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    stuck = "[...document.querySelectorAll('body *')].filter((e) => /sticky|fixed/.test(getComputedStyle(e).position))"
    assert tab.evaluate(f"{stuck}.length") == 0
    # `evaluate` runs outside the page's policy, as a person's own tools do.
    tab.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    found = tab.evaluate("(options) => axe.run(document, options)", AXE)["violations"]
    assert not found, [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]
    assert site.refused == []
    context.close()


def test_everything_is_there_without_scripts(browser):
    with override("fr"):
        html = render_to_string(
            "components/gallery.html",
            {"navigation": [{"url": "#", "label": "Trouver", "current": True}]},
            request=RequestFactory().get("/fr/"),
        )
    context = browser.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=False, base_url=SITE)
    Site(context).pages["/gallery"] = html
    tab = context.new_page()
    tab.goto("/gallery")
    expect(tab.get_by_role("link", name="Trouver")).to_be_visible()
    expect(tab.get_by_role("link", name="Actualiser")).to_be_visible()
    expect(tab.locator("[data-theme-switch]")).to_be_hidden()
    context.close()
