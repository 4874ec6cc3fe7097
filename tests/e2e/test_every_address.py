"""Every address of the golden table that answers with a page: axe finds nothing, in both languages and both themes."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import BrowserContext, Page

from tests.access.addresses import asked_for
from tests.access.people import COLUMNS, Visitor
from tests.access.table import Row, read_table
from tests.access.world import World, build
from tests.browser import overflows, violations

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 900}
# Pages that say no, or that something is gone, are pages too.
PAGES = {"200", "401", "403", "404", "409", "410"}
# A file or a few words for a machine.
NO_PAGE = {
    "core:alive",
    "core:ready",
    "registry:export",
    "reports:file",
    "transparency:version_json",
    "transparency:feed",
    "transparency:body_feed",
    "transparency:system_feed",
    "transparency:search_feed",
    "transparency:search_file",
    "transparency:version_file",
    "transparency:dictionary_file",
    "transparency:whole_register",
}
FOR_PROGRAMS = ("api_nothing", "public_api:", "registry_api:")
# Buttons pass from one colour to the next; axe would measure the way there.
COLOURS_HAVE_CHANGED = """Promise.all(
    document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished)
)"""


@pytest.fixture
def world() -> Iterator[World]:
    with translation.override("fr"):
        yield build()


def whoever_reads(row: Row, world: World) -> Visitor | None:
    """The first visitor whom the row answers with 200, else with a page that says why not; none if it only leads on."""
    answers = [
        (status, visitor)
        for column in COLUMNS
        for status, visitor in zip(row.expected(column), world.crowd.of(row.page, column), strict=True)
        if status in PAGES
    ]
    return min(answers, key=lambda answer: answer[0], default=(None, None))[1]


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("en", NARROW)], ids=["fr-1280", "en-320"])
def test_axe_finds_nothing_at_any_address(
    world: World, new_context: Callable[..., BrowserContext], language: str, size: dict[str, int]
) -> None:
    tabs: dict[str, Page] = {}
    found, seen = [], 0
    for row in read_table():
        is_page = row.method == "GET" and row.page not in NO_PAGE and not row.page.startswith(FOR_PROGRAMS)
        visitor = whoever_reads(row, world) if is_page else None
        if visitor is None:
            continue
        if visitor.session not in tabs:
            tabs[visitor.session] = signed_in(new_context(viewport=size), visitor)
        with translation.override(language):
            found += [f"{row}, {visitor}: {fault}" for fault in faults_of(tabs[visitor.session], row, world)]
        seen += 1
    assert not found, "\n".join(found)
    assert seen > 80


def signed_in(context: BrowserContext, visitor: Visitor) -> Page:
    page = context.new_page()
    if visitor.session:
        page.goto("/")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": visitor.session, "url": page.url}])
    return page


def faults_of(page: Page, row: Row, world: World) -> Iterator[str]:
    """The same page under both themes: colours change, the rest is said once."""
    page.emulate_media(color_scheme="light")
    answer = page.goto(asked_for(row, world).path)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        yield "no page came"
        return
    yield from violations(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate(COLOURS_HAVE_CHANGED)
    yield from (f"dark: {fault}" for fault in violations(page))
    if overflows(page):
        yield "scrolls sideways"
