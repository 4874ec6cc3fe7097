"""Where a public body stands before the register: one of four states, and how long an attestation speaks for it."""

from datetime import date, timedelta
from enum import StrEnum

# An attestation speaks for a year; its renewal is announced a month before.
ANNOUNCED = timedelta(days=30)


class Coverage(StrEnum):
    """In the order in which pages tell them."""

    PUBLISHED = "published"
    IN_PROGRESS = "in_progress"
    NONE = "none"
    SILENT = "silent"


def state_of(*, systems: int, is_attested: bool, shows_use: bool, has_declared: bool) -> Coverage:
    """What is published speaks first: an attestation stands beside sheets of retired systems only (`shows_use`: one of
    the published systems is not retired).
    """
    if is_attested and not shows_use:
        return Coverage.NONE
    if systems:
        return Coverage.PUBLISHED
    return Coverage.IN_PROGRESS if has_declared else Coverage.SILENT


def renew_on(attested_on: date) -> date:
    """The same day, a year later; the 29 of February, the first of March."""
    try:
        return attested_on.replace(year=attested_on.year + 1)
    except ValueError:
        return date(attested_on.year + 1, 3, 1)


def is_to_renew(attested_on: date, today: date) -> bool:
    """It is older than twelve months."""
    return today > renew_on(attested_on)
