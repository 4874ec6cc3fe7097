"""Lists, partial dates and HTML in cells: read safely, whatever stands there."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.standards.days import read_partial_date
from registry.standards.listed import parse_list, read_codes
from registry.standards.markup import as_plain_text
from registry.standards.recoding import Vocabulary

TRAITS = Vocabulary({"c) Age": "age", "b) Sex": "sex"}, {"sex": "sex", "age": "age"})
_days = st.dates(min_value=date(1951, 1, 1), max_value=date(2049, 12, 31))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("[]", ()),
        (" ['a', 'b'] ", ("a", "b")),
        ("['it''s']", None),
        (r"['it\'s', 'two\nlines']", ("it's", "two lines")),
        (r'["\u00e9", "\x00", "\ud800"]', ("é", "\ufffd")),
        ("[a, b]", ("a", "b")),
        ("['a',]", ("a",)),
        ("[None, 'a']", ("a",)),
        ("['a' 'b']", None),
        ("[['a']]", None),
        ("[{'a': 1}]", None),
        ("['a", None),
        ("a, b", None),
        ("[" * 30_000 + "]" * 30_000, None),
        ("[" + "'a'," * 5_000 + "]", None),
    ],
)
def test_lists_as_programs_print_them(text: str, items: tuple[str, ...] | None) -> None:
    assert parse_list(text) == items


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Z")), max_size=15), max_size=6))
def test_what_python_prints_is_read_back(items: list[str]) -> None:
    wanted = [" ".join(item.split()) for item in items]
    assert parse_list(repr(items)) == tuple(item for item in wanted if item and item not in {"None", "null"})


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="[]'\",\\;abc)\nxu0 {}", max_size=60))
def test_any_text_gives_codes_or_words(text: str) -> None:
    codes, words, _change = read_codes("x", text, TRAITS)
    assert set(codes) <= {"age", "sex"} and len(set(codes)) == len(codes)
    assert all(isinstance(word, str) for word in words)


@settings(max_examples=200, deadline=None)
@given(_days, st.sampled_from(["%Y-%m-%d %H:%M:%S", "%m/%d/%Y", "%m/%d/%Y 12:00:00 AM", "%B %d, %Y", "%d %B %Y"]))
def test_a_day_comes_back_whatever_its_format(day: date, form: str) -> None:
    assert read_partial_date(day.strftime(form), month_first=True) == day.isoformat()


@settings(max_examples=100, deadline=None)
@given(_days, st.sampled_from(["%m/%Y", "%b-%y", "%Y-%m", "%B %Y"]))
def test_a_month_comes_back_whatever_its_format(day: date, form: str) -> None:
    assert read_partial_date(day.strftime(form), month_first=True) == f"{day:%Y-%m}"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789/-.: ,JanFebQYTZ", max_size=45) | st.text(max_size=45))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for month_first in (True, False):
        found = read_partial_date(text, month_first=month_first)
        assert found is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", found)


@pytest.mark.parametrize(
    ("text", "month_first", "found"),
    [
        ("3/4/2024", True, "2024-03-04"),
        ("3/4/2024", False, "2024-04-03"),
        ("13/4/2024", True, "2024-04-13"),
        ("4/13/2024", False, "2024-04-13"),
        ("1/5/25", True, "2025-01-05"),
        ("Dec-99", True, "1999-12"),
        ("44495", False, "2021-10-26"),
        ("3 mei 2024", False, "2024-05-03"),
        ("2024-02-30", True, None),
        ("1066", True, None),
        ("12345", True, None),
        ("2024-2025", True, None),
        ("Spring 2024", True, None),
        ("", True, None),
    ],
)
def test_dates(text: str, month_first: bool, found: str | None) -> None:
    assert read_partial_date(text, month_first=month_first) == found


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a < b & c", "a < b & c"),
        ("<p>One.</p><p>Two<br/>three.</p>", "One.\nTwo\nthree.\n"),
        ("<ul><li>a</li><li>b</li></ul>", "\n- a\n\n- b\n\n"),
        ('See <a href="https://x.example/a?b=1">this</a>.', "See this (https://x.example/a?b=1)."),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("&lt;script&gt; &amp; &nbsp;&#8238;&#0;", "<script> & \u00a0\ufffd"),
        ("<https://x.example>", "<https://x.example>"),
        ("</a></a>", ""),
    ],
)
def test_html_becomes_words(text: str, plain: str) -> None:
    assert as_plain_text(text) == plain


@pytest.mark.parametrize("text", ["<p " * 10_000, "<p" + " " * 32_000, "<" * 32_000, "&" * 32_000, "<a href=" * 4_000])
def test_html_made_to_cost_time_does_not(text: str) -> None:
    import time

    start = time.process_time()
    as_plain_text(text)
    assert time.process_time() - start < 0.5
