"""Delays that the office promises itself; no statute sets them."""

from datetime import date, timedelta

# What the public site promises to whoever reports an error: a target of service, no statute.
ANSWER_WITHIN_WORKING_DAYS = 10


def answer_due_on(received_on: date) -> date:
    """The tenth working day after the day a report came in; Saturdays and Sundays do not count, holidays do."""
    day, left = received_on, ANSWER_WITHIN_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
