"""Delays that the office promises itself; no statute sets them."""

from datetime import date, timedelta

# What the public site promises to whoever reports an error: a target of service, no statute.
ANSWER_WITHIN_WORKING_DAYS = 10
# The public text follows the register as soon as an answer to a visitor would.
REPUBLISH_WITHIN_WORKING_DAYS = 10


def answer_due_on(received_on: date) -> date:
    """The tenth working day after the day a report came in."""
    return _working_day_after(received_on, ANSWER_WITHIN_WORKING_DAYS)


def republish_due_on(changed_on: date) -> date:
    """The tenth working day after a public record was first changed."""
    return _working_day_after(changed_on, REPUBLISH_WITHIN_WORKING_DAYS)


def _working_day_after(day: date, left: int) -> date:
    """Saturdays and Sundays do not count, holidays do."""
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
