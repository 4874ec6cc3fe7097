"""JSON from strangers: a list of records becomes a table, anything else is one refusal."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.standards.codes import FILE_REFUSALS, ROW_PROBLEMS
from registry.standards.tabular import Limits, Table, UnreadableFile, read_table


def read(content: bytes, **options: Any) -> Table:
    return read_table(content, takes_json=True, **options)


def code_of(content: bytes, **options: Any) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read(content, **options)
    return refusal.value.code


def test_values_become_texts_and_every_row_has_every_header() -> None:
    table = read(b'[{"a": "x", "b": 1.5}, {"a": null, "c": true, "d": ["y", {"e": 2}]}]')
    assert (table.kind, table.headers) == ("json", ("a", "b", "c", "d"))
    assert [row.number for row in table.rows] == [1, 2]
    assert dict(table.rows[0].cells) == {"a": "x", "b": "1.5", "c": "", "d": ""}
    assert dict(table.rows[1].cells) == {"a": "", "b": "", "c": "true", "d": '["y", {"e": 2}]'}


@pytest.mark.parametrize(
    "content",
    [
        b'{"count": 1, "rows": [{"a": 1}]}',
        b'{"result": {"records": [{"a": 1}]}}',
        b'\xef\xbb\xbf [{"a": 1}]',
        '[{"a": "1"}]'.encode("utf-16"),
        b'{"notes": ["x", "y", "z"], "rows": [{"a": 1}]}',
    ],
)
def test_an_envelope_or_a_mark_does_no_harm(content: bytes) -> None:
    assert [dict(row.cells) for row in read(content).rows] == [{"a": "1"}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"a": 1}', "damaged_json"),
        (b'[{"a": NaN}]', "damaged_json"),
        (b"[" * 100_000, "damaged_json"),
        (b'[{"a":' * 60_000 + b"1" + b"}]" * 60_000, "damaged_json"),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", "damaged_json"),
        (b'["a", "b"]', "no_records"),
        (b"[]", "no_records"),
        (b"{}", "no_records"),
        (b"[{}, {}]", "no_records"),
        (b'{"a": "b"}', "no_records"),
        (b'[{"a": 1, "a": 2}]', "repeated_columns"),
        (b'[{"a": 1, " a ": 2}]', "repeated_columns"),
        (b"[" + b"{}," * 300_000 + b"{}]", "too_many_rows"),
        (json.dumps([{"a": 1}] * 20_002).encode(), "too_many_rows"),
        (json.dumps([{f"c{number}": 1 for number in range(300)}]).encode(), "too_many_columns"),
    ],
)
def test_a_hostile_or_wrong_file_is_one_refusal(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    assert code_of(b'[{"a": "x"}]', limits=Limits(file_bytes=5)) == "file_too_large"


def test_json_is_no_table_for_who_does_not_take_it() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_table(b'[{"a": "x"}]')
    assert refusal.value.code == "not_a_table"


def test_hostile_strings_are_cleaned_and_said() -> None:
    table = read(rb'[{"a": "x\u0000\u202ey", "b": "\ud800", "c": "=HYPERLINK(\"http://x\")", "d": "e\u0301"}, "words"]')
    row, stray = table.rows
    assert dict(row.cells) == {"a": "xy", "b": "\ufffd", "c": "", "d": "é"}
    assert {(each.code, each.column) for each in row.problems} == {
        ("control_character", "a"), ("character_lost", "b"), ("formula_cell", "c"),
    }  # fmt: skip
    assert [each.code for each in stray.problems] == ["not_a_record"]
    assert code_of(b'[{"a": "x"}, {"b": "' + b"y" * 40_000 + b'"}') == "damaged_json"
    assert read(b'[{"a": "' + b"y" * 40_000 + b'"}]').rows[0].problems[0].code == "cell_too_long"


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(_values)
def test_any_json_is_a_table_or_a_refusal(data: Any) -> None:
    content = json.dumps(data).encode()
    try:
        table = read(content)
    except UnreadableFile as refusal:
        assert refusal.code in FILE_REFUSALS
        return
    for row in table.rows:
        assert tuple(row.cells) == table.headers
        assert all(isinstance(text, str) and "\x00" not in text for text in row.cells.values())
        assert {each.code for each in row.problems} <= ROW_PROBLEMS


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_after_a_bracket(tail: bytes) -> None:
    try:
        read(b'[{"' + tail)
    except UnreadableFile as refusal:
        assert refusal.code in FILE_REFUSALS
