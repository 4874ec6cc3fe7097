"""Hostile texts in every field of every form, in every address and in every header: an answer for a person each
time, never a fault.

The addresses, the forms and who may send them are those of the table of access. `make test` tries one text that holds
a little of everything; `make long` tries each of them alone.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.access.addresses import ARGUMENTS, asked_for
from tests.access.people import COLUMNS, Visitor
from tests.access.table import Row, read_table
from tests.access.visit import FAULT, Answer, Asked, visit
from tests.access.world import World, built_once
from transparency.middleware.kept_pages import KEPT

SCRIPT = "<script>vg9()</script>"
# Whatever encloses it, this text would come out of it.
BREAKOUT = "'\"></title></textarea></script><img src=x onerror=vg9()>"


def one_of_each_block() -> str:
    """A character of each 256 that have one: letters, marks, controls, private use, what is not assigned."""
    points = (chr(start + 0x41) for start in range(0, 0x110000, 0x100) if not 0xD800 <= start <= 0xDFFF)
    return "".join(point for point in points if unicodedata.category(point) != "Cs")


HOSTILE = {
    "nul": "avant\x00après",
    "script": SCRIPT,
    "breakout": BREAKOUT,
    "formula": '=HYPERLINK("http://attaque.example";"A1")',
    "operators": "a & | ! ( ) : * <-> \\ ' \" -- ; % _ {0} {{ 7*7 }} {% debug %}",
    "long": "x" * 10_000,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 20,
    "directions": "\u202e\u2066\u200f\ufeff\u0000\u0085\u2028",
    "blocks": one_of_each_block(),
    "number": "9" * 400,
    "digits": "9" * 5_000,
    "negative": "-1",
    "fraction": "1e309",
    "date": "0000-99-99",
    "key": "00000000-0000-0000-0000-00000000000g",
    "spaces": "\u00a0 \t\r\n\u3000",
    "list": "a,b;c|d\n" * 30,
}
EVERYTHING = f"\x00=1+1{SCRIPT}{BREAKOUT}👩‍👧\u202e' OR 1=1 --"
# Names of columns and look-ups that no address may reach.
LOOKUPS = ("organization__sigle", "created_by__password__startswith", "pk__in", "id", "or", "$where", "__proto__")
# What lists of staff are asked; those of the public site are in the table of kept pages.
STAFF = (
    *("q", "sort", "page", "phase", "autonomy", "personal_information", "category", "origin", "technique", "lead"),
    *("organization", "state", "status", "due", "public", "etat", "organisme", "situation", "kind", "year", "vue"),
)
# More digits than `int` reads; as a tag, a range, a moment; bytes of another encoding; what only looks like a value.
HEADER_TEXTS = {
    "digits": "9" * 5_000,
    "tag": f'"{"1" * 5_000}", W/"{"1" * 5_000}-{"0" * 16}"',
    "range": f"bytes={'9' * 5_000}-{'9' * 5_001}",
    # As a server hands it over: bytes, each a character.
    "superscript": '"²", ٣'.encode().decode("latin-1") + ", \xb2",
    "latin": "\xe9\xff\x80",
    "quotes": "\"'\\;,=%00{}()<>@[]?",
    "empty": "",
    "long": "x" * 8_000,
    "moment": "Fri, 99 Zzz 99999 99:99:99 GMT",
    "parameters": "text/html;" + "q=9;" * 300,
}
HEADERS = (
    *("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range", "Idempotency-Key"),
    *("Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Content-Type", "Content-Length", "Cookie"),
    *("Origin", "Referer", "X-Request-ID", "X-Requested-With", "HX-Request", "X-CSRFToken"),
)
ROWS = read_table()
FORMS = [row for row in ROWS if row.method in {"POST", "PATCH"}]
PAGES = [row for row in ROWS if row.method == "GET"]
# As they stand in an address: NUL, half a character, bytes of another encoding, without end, a way out, two lines.
IN_ADDRESS = {
    "nul": "%00",
    "nul after": "a%00",
    "surrogate": "%ED%A0%80",
    "bytes": "%FF",
    "long": "x" * 5_000,
    "way out": "%2F..",
    "lines": "a%0Ab",
    "digits": "9" * 5_000,
    "number": "9" * 400,
}
# Headers are read before the page: one address in ten, and all of the API, which reads more of them.
HEADED = [row for place, row in enumerate(ROWS) if place % 10 == 0 or "_api:" in row.page]
API = [row for row in ROWS if row.page.split(":")[0].endswith("_api")]

pytestmark = pytest.mark.django_db
world = pytest.fixture(scope="module")(built_once)


def whoever_may(row: Row, world: World) -> Visitor:
    """The first visitor whom the row lets through; else whoever holds every function."""
    for column in COLUMNS:
        for status, visitor in zip(row.expected(column), world.crowd.of(row.page, column), strict=True):
            if status[0] in "23":
                return visitor
    return world.crowd.of(row.page, "every_function")[0]


def mutations(row: Row, world: World, texts: dict[str, str]) -> Iterator[tuple[str, Asked]]:
    """The form whole and right, but for one field."""
    asked = asked_for(row, world)
    for name in _fields(asked.data or {}):
        for kind, text in texts.items():
            fresh = asked_for(row, world)  # its keys are of one use
            yield f"{name}: {kind}", Asked(fresh.method, fresh.path, _with(fresh.data, name, text), fresh.is_api)


def _fields(data: dict[str, Any]) -> list[str]:
    nested = [f"{name}.{inner}" for name, value in data.items() if isinstance(value, dict) for inner in value]
    return [*data, *nested]


def _with(data: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    if name in data:
        return data | {name: text}
    outer, inner = name.split(".", 1)
    return data | {outer: data[outer] | {inner: text}}


def faults(kind: str, answer: Answer) -> Iterator[str]:
    if answer.status == FAULT or answer.status[0] == "5":
        yield f"{kind}: {answer.status} {answer.text[:200]}"
    for told in (SCRIPT, "<img src=x"):
        if told in answer.text and "<!doctype html" in answer.text:
            yield f"{kind}: {told} came back alive"


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_no_field_of_a_form_breaks_it(row: Row, world: World) -> None:
    visitor = whoever_may(row, world)
    found = [
        fault
        for kind, asked in mutations(row, world, {"everything": EVERYTHING})
        for fault in faults(kind, visit(asked, visitor))
    ]
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("row", FORMS, ids=str)
def test_no_text_in_any_field_breaks_a_form(row: Row, world: World) -> None:
    visitor = whoever_may(row, world)
    found = [fault for kind, asked in mutations(row, world, HOSTILE) for fault in faults(kind, visit(asked, visitor))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_parameter_breaks_a_page(row: Row, world: World) -> None:
    """All of them at once; then, by `make long`, each alone."""
    names = dict.fromkeys((*STAFF, *LOOKUPS, *KEPT.get(row.page.partition(":")[2], ())))
    assert not faults_of_page(row, world, [dict.fromkeys(names, EVERYTHING)])


@pytest.mark.long
@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_text_in_any_parameter_breaks_a_page(row: Row, world: World) -> None:
    names = KEPT.get(row.page.partition(":")[2], ()) if row.page.startswith("transparency:") else STAFF
    asked = [{name: text} for name in (*names, *LOOKUPS[:2]) for text in HOSTILE.values()]
    assert not faults_of_page(row, world, asked)


def faults_of_page(row: Row, world: World, questions: list[dict[str, str]]) -> str:
    visitor, path = whoever_may(row, world), asked_for(row, world).path
    found = [
        fault
        for question in questions
        for name, text in [next(iter(question.items()))]
        for fault in faults(f"{name} = {text[:30]!r}", visit(Asked("GET", path, question), visitor))
    ]
    return "\n".join(found)


def addresses_around(row: Row, world: World) -> Iterator[tuple[str, str]]:
    """Its address with one part after the other replaced, then continued, by each hostile text."""
    arguments = ARGUMENTS.get((row.page, row.case)) or ARGUMENTS.get((row.page, "*"))
    path = asked_for(row, world).path
    for argument in arguments(world) if arguments else []:
        before, part, after = path.rpartition(quote(str(argument)))
        for kind, text in IN_ADDRESS.items():
            yield kind, before + text + after
            yield f"{part[:20]} and {kind}", before + part + text + after


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_text_in_an_address_breaks_it(row: Row, world: World) -> None:
    visitor = whoever_may(row, world)
    answers = [(kind, visit(Asked("GET", path), visitor)) for kind, path in addresses_around(row, world)]
    found = [fault for kind, answer in answers for fault in faults(kind, answer)]
    assert not found, "\n".join(found)
    assert {answer.status for kind, answer in answers if "nul" in kind} <= {"404"}


@pytest.mark.parametrize("row", API, ids=str)
def test_no_header_breaks_the_api(row: Row, world: World) -> None:
    """A number without end in each header; then, by `make long`, everything else."""
    assert not faults_of_headers(row, world, {kind: HEADER_TEXTS[kind] for kind in ("digits", "tag")})


@pytest.mark.long
@pytest.mark.parametrize("row", HEADED, ids=str)
def test_no_text_in_any_header_breaks_an_answer(row: Row, world: World) -> None:
    assert not faults_of_headers(row, world, HEADER_TEXTS)


def faults_of_headers(row: Row, world: World, texts: dict[str, str]) -> str:
    visitor = whoever_may(row, world)
    found = [
        fault
        for name in HEADERS
        for kind, text in texts.items()
        for fault in faults(f"{name}: {kind}", visit(asked_for(row, world), visitor, **{name: text}))
    ]
    return "\n".join(found)
