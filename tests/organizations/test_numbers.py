"""Numbers as French and English readers write them, and as Vigie shows them; what has two meanings is not guessed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core.text import AmbiguousNumber, read_number
from organizations.forms.numbers import NumberAnswer, WholeAnswer

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1250", "1250"), ("1 250", "1250"), (f"1{NBSP}250", "1250"),
        (f"1{NARROW}250", "1250"), (f"1{THIN}250", "1250"),
        ("12,5", "12.5"), ("12.5", "12.5"), (" 12,5 ", "12.5"), ("1 250,500", "1250.5"), ("1250,125", "1250.125"),
        ("1,250.5", "1250.5"), ("1.250,5", "1250.5"), ("1,250,000", "1250000"), ("0,125", "0.125"), ("0.125", "0.125"),
        (",5", "0.5"), ("-3,5", "-3.5"), ("\u22123,5", "-3.5"), ("5,", "5"), ("12 345 678", "12345678"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(typed, number):
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1,250", "1.250", "125,000", "-1,250"])
def test_what_two_readers_read_as_two_is_not_guessed(typed):
    with pytest.raises(AmbiguousNumber):
        read_number(typed)


@pytest.mark.parametrize(
    "typed", ["", " ", ",", "-", "douze", "12 50", "1 25", "1,25,0", "1,250,5", "1e3", "NaN", "٣", "12$", "1 250 5"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=r".*") as refusal:
        read_number(typed)
    assert not isinstance(refusal.value, AmbiguousNumber)


@pytest.mark.parametrize(("language", "told"), [("en", ("1250", "1.25")), ("fr", ("1250", "1,25"))])
def test_the_sentence_shows_both_ways_to_write_it(language, told):
    with override(language), pytest.raises(ValidationError) as refusal:
        NumberAnswer().clean("1,250")
    assert all(one in refusal.value.messages[0] for one in told) and len(refusal.value.messages) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("stored", ["25.000", "12.500", "1250.000", "1250.125", "0.001", "-3.500", "1E+3"])
def test_what_the_form_shows_is_read_as_what_is_stored(language, stored):
    with override(language):
        field = NumberAnswer(max_digits=16, decimal_places=3)
        assert field.clean(field.prepare_value(Decimal(stored))) == Decimal(stored)


@pytest.mark.parametrize(("typed", "number"), [("1 250", 1250), (f"1{NBSP}250", 1250), ("1,250", 1250), ("50,0", 50)])
def test_a_whole_number_is_taken_for_no_other(typed, number):
    assert WholeAnswer(max_value=10_000).clean(typed) == number


@pytest.mark.parametrize("typed", ["12,5", "douze", "-1", "99 999"])
def test_a_whole_number_within_its_bounds(typed):
    with pytest.raises(ValidationError):
        WholeAnswer(min_value=0, max_value=10_000).clean(typed)
