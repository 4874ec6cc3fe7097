"""One leaf of each kind: what it takes, what it refuses, and at which border."""

import math

import pytest

from assessments.scoring.leaves import leaves_of
from assessments.scoring.values import WrongValue, clean_leaf

ROW = {"r0001aaaa.x": ""}


@pytest.fixture
def leaf(every_kind):
    def find(name):
        code, _dot, path = name.partition(".")
        return next(one for one in leaves_of(every_kind, every_kind.question(code), ROW) if one.path == path)

    return find


ONE_CODE = [
    "sensitive", "people", "law.choice", "data.r0001aaaa.kept", "clauses.audit.state", "criteria.fair.verdict",
    "ratings.secrecy", "links.r0001aaaa.kind", "measures.locks.state", "ratings_of_risks.access.applies",
    "ratings_of_risks.access.before_severity",
]  # fmt: skip
CODES = ["uses", "review.events", "ratings_of_risks.access.measures"]
NUMBERS = ["records", "data.r0001aaaa.count", "answers_within.days"]
DAYS = ["start", "review.date", "data.r0001aaaa.until", "measures.locks.due_on"]
TEXTS = [
    "name", "story", "law.text", "data.r0001aaaa.what", "clauses.audit.proof", "criteria.fair.reason", "notice.text",
    "in_charge.function", "in_charge.name", "answers_within.function", "links.r0001aaaa.reference",
    "measures.r0001aaaa.label", "measures.locks.owner", "measures.locks.note", "ratings_of_risks.access.reason",
]  # fmt: skip
EVERY = [*ONE_CODE, *CODES, *NUMBERS, *DAYS, *TEXTS, "page"]
ODD = [{"a": 1}, [["x"]], [1], 1.5, True, b"x", pytest.param(object(), id="no value of JSON")]


def problem(leaf, value):
    with pytest.raises(WrongValue) as refusal:
        clean_leaf(leaf, value)
    assert refusal.value.leaf == leaf.path
    return refusal.value.problem


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("nothing", [None, "", [], "   ", "\u00a0\n"])
def test_nothing_is_nothing_however_it_is_sent(leaf, name, nothing):
    assert clean_leaf(leaf(name), nothing) in ("", [])


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_every_kind_refuses_wrong_types(leaf, name, odd):
    if name in NUMBERS and odd == 1.5 and not isinstance(odd, bool):
        return
    assert problem(leaf(name), odd) in {"text", "choice", "choices", "list", "number"}


@pytest.mark.parametrize("name", ONE_CODE)
def test_one_code_of_the_list(leaf, name):
    one = leaf(name)
    assert [clean_leaf(one, code) for code in one.codes] == list(one.codes)
    for wrong in ("nothing_of_the_kind", f"{one.codes[0]} ", [one.codes[0]], one.codes[0].upper() + "!"):
        assert problem(one, wrong) == "choice"


@pytest.mark.parametrize("name", CODES)
def test_several_codes_of_the_list_in_its_order(leaf, name):
    one = leaf(name)
    codes = [code for code in one.codes if code != "nothing"]
    assert clean_leaf(one, [*reversed(codes), codes[0]]) == codes
    assert problem(one, [*codes, "other"]) == "choices"
    for wrong in (codes[0], [None], {codes[0]: True}):
        assert problem(one, wrong) == "list"


def test_what_stands_alone_stands_alone(leaf):
    assert clean_leaf(leaf("uses"), ["nothing"]) == ["nothing"]
    assert clean_leaf(leaf("uses"), ["nothing", "nothing"]) == ["nothing"]
    assert problem(leaf("uses"), ["nothing", "sorting"]) == "alone"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(0, 0), ("0", 0), (12, 12), (12.0, 12), ("12,5", 12.5), ("1 250,5", 1250.5), ("1\u00a0250", 1250),
     ("1\u202f250", 1250), (0.1 + 0.2, 0.3), (1_000_000, 1_000_000)],
)  # fmt: skip
def test_numbers_as_people_write_them(leaf, sent, kept):
    found = clean_leaf(leaf("records"), sent)
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(
    ("sent", "why"),
    [(-1, "range"), ("-1", "number"), (1_000_001, "range"), ("1000001", "range"), (math.nan, "number"),
     (math.inf, "number"), (10**400, "range"), ("9" * 400, "number"), ("douze", "number"), ("1e5", "number"),
     ("0x10", "number"), ("1,2,3", "number")],
)  # fmt: skip
def test_what_is_no_number_of_the_question(leaf, sent, why):
    assert problem(leaf("records"), sent) == why


def test_a_number_without_a_border_has_one_all_the_same(leaf):
    assert clean_leaf(leaf("data.r0001aaaa.count"), 10**12) == 10**12
    assert problem(leaf("data.r0001aaaa.count"), 10**12 + 1) == "range"


def test_days_are_whole(leaf):
    assert clean_leaf(leaf("answers_within.days"), "30") == 30
    assert problem(leaf("answers_within.days"), "30,5") == "whole"
    assert problem(leaf("answers_within.days"), 30.5) == "whole"


@pytest.mark.parametrize("name", DAYS)
def test_days_of_the_calendar(leaf, name):
    assert clean_leaf(leaf(name), " 2024-02-29 ") == "2024-02-29"
    for border in ("1900-01-01", "2100-12-31"):
        assert clean_leaf(leaf(name), border) == border
    for wrong in (
        "1899-12-31",
        "2101-01-01",
        "2026-02-29",
        "2026-1-1",
        "20260101",
        "2026-W01-1",
        "demain",
        "２０２６-01-01",
    ):
        assert problem(leaf(name), wrong) == "date"


@pytest.mark.parametrize("name", TEXTS)
def test_texts_have_a_length_and_no_hidden_sign(leaf, name):
    one = leaf(name)
    assert one.max_length
    assert clean_leaf(one, "x" * one.max_length) == "x" * one.max_length
    assert problem(one, "x" * (one.max_length + 1)) == "too_long"
    assert problem(one, "x" * 1_000_000) == "too_long"
    assert clean_leaf(one, "a\x00b\u202ec\ud800") == "abc"
    assert clean_leaf(one, "<script>alert(1)</script>") == "<script>alert(1)</script>"
    assert clean_leaf(one, "e\u0301") == "é"


def test_one_line_stays_one_line_and_a_long_text_keeps_its_lines(leaf):
    assert clean_leaf(leaf("name"), "a\r\nb\tc") == "a b c"
    assert clean_leaf(leaf("story"), "a\r\nb") == "a\nb"


def test_the_length_of_a_question_is_that_of_its_text(leaf):
    assert (leaf("name").max_length, leaf("story").max_length, leaf("in_charge.name").max_length) == (80, 5000, 300)


@pytest.mark.parametrize(
    "wrong", ["javascript:alert(1)", "ftp://a.example", "//a.example", "a.example", "https://", "https:// a"]
)
def test_what_is_no_web_address(leaf, wrong):
    assert problem(leaf("page"), wrong) == "url"


def test_a_web_address(leaf):
    assert clean_leaf(leaf("page"), " HTTPS://body.example/page?a=1#b ") == "HTTPS://body.example/page?a=1#b"
