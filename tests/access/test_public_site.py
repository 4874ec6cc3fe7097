"""The public site is the same for everybody, and reads publications alone: each of its addresses, each time."""

import re

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from registry.public.edition import STAMP
from tests.access.addresses import asked_for
from tests.access.people import ANONYMOUS, EVERY_FUNCTION, NO_FUNCTION, Visitor
from tests.access.table import Row, read_table
from tests.access.visit import Answer, Asked, visit
from tests.access.words import Word
from tests.access.world import World, built_once

pytestmark = pytest.mark.django_db
world = pytest.fixture(scope="module")(built_once)

PUBLIC = ("transparency:", "public_api:", "crawlers:")
READINGS = [row for row in read_table() if row.page.startswith(PUBLIC) and row.method == "GET"]
ENTER, LEAVE = f"SET LOCAL ROLE {settings.PUBLIC_DATABASE_ROLE};", "RESET ROLE;"
# Drawn anew each time a form is shown.
KEY = re.compile(r'(name="(?:csrfmiddlewaretoken|request_key)"[^>]* value=")[^"]+')


def read(row: Row, world: World, visitor: Visitor) -> tuple[Answer, list[str]]:
    """The answer, and the statements it cost."""
    asked = asked_for(row, world)
    with CaptureQueriesContext(
        connection,
    ) as told:
        answer = visit(asked, visitor)
    return answer, [query["sql"] for query in told.captured_queries]


def everybody(world: World, page: str) -> list[Visitor]:
    return [one for column in (ANONYMOUS, NO_FUNCTION, EVERY_FUNCTION) for one in world.crowd.of(page, column)]


@pytest.mark.parametrize("row", READINGS, ids=str)
def test_a_public_page_is_read_under_the_public_role(row: Row, world: World) -> None:
    """For a signed-in person too: neither session nor account is looked at before, meanwhile or after."""
    for visitor in everybody(world, row.page):
        caches["pages"].clear()  # a kept page asks nothing but which edition of the register this is
        _answer, statements = read(row, world, visitor)
        statements = [sql for sql in statements if "SAVEPOINT" not in sql and sql != STAMP]
        assert statements[0].startswith(ENTER) and statements[-1].startswith(LEAVE), visitor
        assert sum(sql.startswith(ENTER) for sql in statements) == 1
        assert sum(sql.startswith(LEAVE) for sql in statements) == 1


@pytest.mark.parametrize("row", READINGS, ids=str)
def test_a_public_page_is_the_same_for_everybody(row: Row, world: World) -> None:
    pages = {KEY.sub(r"\1", read(row, world, visitor)[0].text) for visitor in everybody(world, row.page)}
    assert len(pages) == 1


@pytest.mark.parametrize("row", READINGS, ids=str)
def test_a_public_page_holds_no_private_word(row: Row, world: World) -> None:
    """Draft, change not published yet, supplier, message of a visitor, name of a person: none, for nobody."""
    (visitor,) = world.crowd.of(row.page, ANONYMOUS)
    answer, _statements = read(row, world, visitor)
    assert [word.name for word in Word if word in answer.text] == []
    # A history tells numbers and notes: no text of the system to look for.
    if row.case == "public" and answer.status == "200" and not row.page.endswith(":versions"):
        assert "public" in answer.text


@pytest.mark.parametrize("word", Word)
def test_a_private_word_finds_nothing(world: World, word: Word) -> None:
    """Nor does the search betray, by what it finds, a text that it does not show."""
    (visitor,) = world.crowd.of("transparency:search", ANONYMOUS)
    reference = str(world.systems["public"].reference).lower()
    for query, is_found in ((str(word), False), ("public", True)):
        answer = visit(Asked("GET", f"{reverse('transparency:search')}?{urlencode({'q': query})}"), visitor)
        assert (answer.status, reference in answer.text) == ("200", is_found), query


def test_every_public_address_is_read() -> None:
    """The three tests above look at each address of the room that answers by GET."""
    pages = {row.page for row in read_table() if row.page.startswith(PUBLIC)}
    assert pages == {row.page for row in READINGS}
