"""Every address of the golden table that answers with a page: axe finds nothing.

`make test` looks at each page once, in one language, theme and width after the other; `make long` at all of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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

WIDE, NARROW = 1280, 320
# Pages that say no, or that something is gone, are pages too.
PAGES = {"200", "401", "403", "404", "409", "410"}
# A file or a few words for a machine.
NO_PAGE = {
    "core:alive",
    "core:ready",
    "registry:export",
    "reports:file",
    "assessments:export",
    "assessments:evidence_file",
    "assessments:deposit_file",
    "guests:file",
    "transparency:version_json",
    "transparency:feed",
    "transparency:body_feed",
    "transparency:system_feed",
    "transparency:search_feed",
    "transparency:search_file",
    "transparency:version_file",
    "transparency:dictionary_file",
    "transparency:strategy_file",
    "transparency:coverage_file",
    "registry:export_coverage",
    "transparency:whole_register",
}
FOR_PROGRAMS = ("crawlers:", "api_nothing", "public_api:", "registry_api:", "assessments_api:", "reports_api:")
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


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    language: str
    width: int
    themes: tuple[str, ...]


ONE_AFTER_THE_OTHER = (Look("fr", WIDE, ("light",)), Look("en", NARROW, ("dark",)))
WHOLE = (Look("fr", WIDE, ("light", "dark")), Look("en", NARROW, ("light", "dark")))


def pages_with_their_readers(world: World) -> list[tuple[Row, Visitor]]:
    pages = [
        row
        for row in read_table()
        if row.method == "GET" and row.page not in NO_PAGE and not row.page.startswith(FOR_PROGRAMS)
    ]
    return [(row, visitor) for row in pages if (visitor := whoever_reads(row, world))]


@pytest.mark.parametrize("half", [0, 1])
def test_axe_finds_nothing_at_any_address(world: World, new_context: Callable[..., BrowserContext], half: int) -> None:
    """In two halves, one for each process of the run."""
    pages = pages_with_their_readers(world)
    assert len(pages) > 80
    looks = [(row, visitor, ONE_AFTER_THE_OTHER[number // 2 % 2]) for number, (row, visitor) in enumerate(pages)]
    assert_nothing_found(looks[half::2], world, new_context)


@pytest.mark.long
@pytest.mark.parametrize("look", WHOLE, ids=["fr-1280", "en-320"])
def test_axe_finds_nothing_in_any_theme_language_or_width(
    world: World, new_context: Callable[..., BrowserContext], look: Look
) -> None:
    assert_nothing_found([(*page, look) for page in pages_with_their_readers(world)], world, new_context)


def assert_nothing_found(
    looks: list[tuple[Row, Visitor, Look]], world: World, new_context: Callable[..., BrowserContext]
) -> None:
    tabs: dict[tuple[str, int], Page] = {}
    found: list[str] = []
    for row, visitor, look in looks:
        key = (visitor.session, look.width)
        if key not in tabs:
            tabs[key] = signed_in(new_context(viewport={"width": look.width, "height": 900}), visitor)
        with translation.override(look.language):
            address = asked_for(row, world).path
        found += [f"{row}, {visitor}: {fault}" for fault in faults_of(tabs[key], address, look.themes)]
    assert not found, "\n".join(found)


def signed_in(context: BrowserContext, visitor: Visitor) -> Page:
    page = context.new_page()
    if visitor.session:
        page.goto("/")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": visitor.session, "url": page.url}])
    return page


def faults_of(page: Page, address: str, themes: tuple[str, ...]) -> Iterator[str]:
    """The same page under each theme: colours change, the rest is said once."""
    page.emulate_media(color_scheme=themes[0])  # type: ignore[arg-type]
    answer = page.goto(address)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        yield "no page came"
        return
    for theme in themes:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.evaluate(COLOURS_HAVE_CHANGED)
        yield from (f"{theme}: {fault}" for fault in violations(page))
    if overflows(page):
        yield "scrolls sideways"
