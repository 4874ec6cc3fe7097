"""Pytest plugin: a real browser on a real server, what axe says of its pages, what the console says, jobs run at once.

One browser for the whole process: Playwright refuses a second one beside it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright keeps an event loop in this thread; the queries of a test run beside it, never inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program, "Chromium is missing: make test installs it."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """A person's own browser: `new_context(color_scheme="dark", java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, locale="fr-CA", **options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """One page; an error or a blocked resource in the console fails the test."""
    page = new_context().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(_heard(message)))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert not [text for text in said if text]


def _heard(message: ConsoleMessage) -> str:
    """Refused answers (403, 404, 409, 422) are pages of ours, and Chromium tells each one as an error."""
    is_refusal = "Failed to load resource" in message.text and any(
        code in message.text for code in ("403", "404", "409", "422")
    )
    return message.text if message.type == "error" and not is_refusal else ""


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Do now what the relay and a worker would do in a moment."""

    from core import outbox

    def run_all() -> int:
        done = 0
        while sent := outbox.relay_once(outbox.run):
            done += sent
        return done

    return run_all


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))  # evaluated, not added as a tag: our CSP allows no foreign script
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{violation['id']}: {node['html'][:160]}" for violation in found["violations"] for node in violation["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
