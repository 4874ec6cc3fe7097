"""One table: every address × every function × (own, other, parent body) → status. What each person may read follows.

`tests/access/table.csv` is reviewed by a person: a cell that reality contradicts is a fault of the program until
somebody shows that the table was wrong. A new address needs a row; write `?` in its cells and the failure says what
was seen.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from tests.access.addresses import asked_for
from tests.access.people import COLUMNS, MAIN
from tests.access.routes import all_routes
from tests.access.table import Row, cell_of, read_table
from tests.access.visit import visit
from tests.access.words import closed_words
from tests.access.world import World, build

ROWS = read_table()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once: each request is undone, so that all of them meet the same objects."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    files["OPTIONS"] = {"location": str(tmp_path_factory.mktemp("files"))}
    from django.conf import settings

    storages = settings.STORAGES | {"default": files}
    with django_db_blocker.unblock(), override_settings(STORAGES=storages), translation.override("fr"):
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)


def contradictions(row: Row, world: World, columns: tuple[str, ...]) -> list[str]:
    """Cells that reality contradicts, and pages that show a word to somebody it is closed to."""
    found = []
    asked = asked_for(row, world)
    for column in columns:
        visitors, expected = world.crowd.of(column), row.expected(column)
        answers = [visit(asked, visitor) for visitor in visitors]
        seen = cell_of([answer.status for answer in answers])
        if seen != cell_of(list(expected)):
            faults = {answer.text for answer in answers if answer.status == "500"}
            found.append(f"{column}: the table says {cell_of(list(expected))}, the page answers {seen} {faults or ''}")
        for visitor, answer in zip(visitors, answers, strict=True):
            closed = closed_words(in_the_body=visitor.in_the_body, anywhere=visitor.anywhere)
            if shown := sorted(word.name for word in closed if word in answer.text):
                found.append(f"{visitor}: the page ({answer.status}) shows {', '.join(shown)}")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_tightest_and_the_widest(row: Row, world: World) -> None:
    """Nobody, a person without a function, a reader, a person who holds every function."""
    assert not contradictions(row, world, MAIN)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_function(row: Row, world: World) -> None:
    assert not contradictions(row, world, tuple(column for column in COLUMNS if column not in MAIN))


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    pages = {route.page for route in all_routes()}
    assert "" not in pages, "An address without a name cannot stand in the table."
    rows = {row.page for row in ROWS}
    assert sorted(pages - rows) == [], "These addresses have no row in tests/access/table.csv."
    assert sorted(rows - pages) == [], "These rows of tests/access/table.csv lead nowhere."


def test_no_row_stands_twice() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)
