"""The first day of a month, in French."""

from datetime import date

import pytest
from django.template import engines
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 11, 1), "1er novembre 2026"),
        ("fr", date(2026, 11, 21), "21 novembre 2026"),
        ("fr", date(2026, 8, 11), "11 août 2026"),
        ("en", date(2026, 11, 1), "November 1, 2026"),
    ],
)
def test_the_first_is_an_ordinal(language, day, written):
    with translation.override(language):
        assert engines["django"].from_string("{{ day|date }}").render({"day": day}) == written


def test_no_date_is_no_text():
    assert engines["django"].from_string("{{ day|date }}").render({"day": None}) == ""
