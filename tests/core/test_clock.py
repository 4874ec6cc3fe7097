"""Moments are in UTC; a legal day is a day of Québec's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 15, 3, 59, tzinfo=UTC), date(2026, 7, 14)),  # summer: 23:59 the day before
        (datetime(2026, 7, 15, 4, 0, tzinfo=UTC), date(2026, 7, 15)),
        (datetime(2026, 1, 15, 4, 59, tzinfo=UTC), date(2026, 1, 14)),  # winter: one hour later
        (datetime(2026, 1, 15, 5, 0, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1)),  # the hour that comes twice
    ],
)
def test_the_civil_date_changes_at_midnight_in_quebec(moment, day):
    assert clock.civil_date(moment) == day
