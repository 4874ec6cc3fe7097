"""An answer and its leaves say the same, whatever the kind: nothing is lost on the way there and back."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires import load
from assessments.questionnaires.reading import read_questionnaire
from assessments.scoring.leaves import (
    LAST_ROW,
    MANY_CODES,
    MOST_ROWS,
    ROW_KEY,
    flat_of,
    leaves_of,
    new_keys,
    row_keys,
    whole_of,
)
from assessments.scoring.spreading import spread
from assessments.scoring.values import WrongValue, clean_flat
from tests.assessments.conftest import DATA


@cache
def questionnaire():
    return read_questionnaire(load(DATA / "every_kind.yaml"))


QUESTIONS = [question.id for question in questionnaire().questions]
KINDS = {question.kind for question in questionnaire().questions}
WORDS = st.text(st.characters(categories=["L", "N", "P"], include_characters=" \u00a0«é"), min_size=1, max_size=20)
TEXTS = WORDS.map(str.strip).filter(bool)


def value_for(leaf):
    """A value that a person may send for this leaf."""
    if leaf.kind in MANY_CODES:
        alone = {option.code for option in leaf.options if option.exclusive}
        several = st.sets(st.sampled_from([code for code in leaf.codes if code not in alone]), min_size=1)
        return several.map(lambda codes: [code for code in leaf.codes if code in codes])
    if leaf.codes:
        return st.sampled_from(leaf.codes)
    if leaf.kind == "date":
        return st.dates().filter(lambda day: 1900 <= day.year <= 2100).map(lambda day: day.isoformat())
    if leaf.kind in {"number", "whole"}:
        return st.integers(0, 1000)
    if leaf.kind == "url":
        return st.sampled_from(["https://body.example/page", "http://a.example"])
    return TEXTS


@st.composite
def flats(draw, code):
    question = questionnaire().question(code)
    keys = [
        f"r{number:04d}{draw(st.sampled_from(['aaaa', 'b7z0']))}"
        for number in draw(st.sets(st.integers(1, 40), max_size=4))
    ]
    leaves = [
        leaf
        for leaf in leaves_of(questionnaire(), question, dict.fromkeys(f"{key}." for key in keys))
        if not leaf.is_file
    ]
    if not leaves:
        return {}
    chosen = draw(st.lists(st.sampled_from(leaves), unique_by=lambda leaf: leaf.path, max_size=8))
    return {leaf.path: draw(value_for(leaf)) for leaf in chosen}


def test_the_questionnaire_of_the_tests_has_every_kind():
    from assessments.questionnaires.reading import _validator

    assert set(_validator().schema["$defs"]["question"]["properties"]["kind"]["enum"]) == KINDS


@pytest.mark.parametrize("code", QUESTIONS)
@given(data=st.data())
def test_leaves_are_given_back(code, data):
    question, flat = questionnaire().question(code), data.draw(flats(code))
    whole = whole_of(question, flat)
    assert flat_of(question, whole) == flat
    assert whole_of(question, flat_of(question, whole)) == whole
    assert (whole is None) == (not flat)


@pytest.mark.parametrize("code", QUESTIONS)
@given(data=st.data())
def test_what_was_cleaned_once_is_clean(code, data):
    question, flat = questionnaire().question(code), data.draw(flats(code))
    clean = clean_flat(questionnaire(), question, flat)
    assert clean_flat(questionnaire(), question, clean) == clean
    assert set(clean) == set(flat)


@pytest.mark.parametrize("code", QUESTIONS)
@given(data=st.data())
def test_a_program_reads_and_sends_back_the_same(code, data):
    """`spread` of a whole answer is its leaves: what an API gave may be sent again."""
    question, flat = questionnaire().question(code), data.draw(flats(code))
    whole = whole_of(question, flat)
    assert spread(question, whole, seed="zzzz") == flat
    assert clean_flat(questionnaire(), question, spread(question, whole, seed="zzzz")) == clean_flat(
        questionnaire(), question, flat
    )


@pytest.mark.parametrize("code", QUESTIONS)
@given(data=st.data())
def test_empty_leaves_are_nothing(code, data):
    question, flat = questionnaire().question(code), data.draw(flats(code))
    empty = {path: [] if isinstance(value, list) else "" for path, value in flat.items()}
    assert whole_of(question, empty) is None
    assert whole_of(question, flat | {"r0099aaaa.nothing": None}) == whole_of(question, flat)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("code", QUESTIONS)
@given(value=ANYTHING)
def test_whatever_a_program_sends_is_stored_or_refused(code, value):
    question = questionnaire().question(code)
    try:
        clean = clean_flat(questionnaire(), question, spread(question, value, seed="zzzz"))
    except WrongValue:
        return
    assert flat_of(question, whole_of(question, clean)) == {k: v for k, v in clean.items() if v not in ("", [])}


def test_new_rows_come_after_those_there_are():
    flat = {"r0003aaaa.what": "x", "r0001bbbb.what": "y", "locks.state": "planned"}
    assert row_keys(flat) == ["r0001bbbb", "r0003aaaa"]
    assert new_keys(flat, 2, seed="cccc") == ["r0004cccc", "r0005cccc"]
    assert new_keys({}, 1) == ["r00010000"]


def test_a_table_whose_last_row_has_the_last_key_still_grows():
    flat = {f"r{LAST_ROW}zzzz.what": "x", "r0001aaaa.what": "y"}
    keys = new_keys(flat, 2, seed="cccc")
    assert keys == ["r0002cccc", "r0003cccc"] and all(ROW_KEY.fullmatch(key) for key in keys)


def test_new_rows_of_a_program_get_keys_of_their_own():
    question = questionnaire().question("data")
    sent = [{"what": "a"}, {"row": "r0007aaaa", "what": "b"}, {"row": "", "what": "c"}]
    assert spread(question, sent, seed="zzzz") == {
        "r0008zzzz.what": "a",
        "r0007aaaa.what": "b",
        "r0009zzzz.what": "c",
    }


def test_too_many_rows_of_a_program_are_refused():
    with pytest.raises(WrongValue) as refusal:
        spread(questionnaire().question("data"), [{"what": "x"}] * (MOST_ROWS + 1), seed="zzzz")
    assert refusal.value.problem == "too_many_rows"
