"""Which days and years can be true: not before anything of ours was, not in the future for what has happened, no end
before its beginning, no target before what it is compared with.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from registry.workflow import SERVING

# No system of a register is older; no plan goes further.
PLAUSIBLE_YEARS = (1990, 2200)
# What has happened, and what is planned: each field of the catalogue that holds a day is one or the other (tested).
HAPPENED = frozenset({
    "started_on", "ended_on", "reviewed_on", "departure_accepted_on", "occurred_on", "baseline_on", "measured_on",
    "held_on", "stated_on",
})  # fmt: skip
PLANNED = frozenset({"planned_on", "review_due_on", "target_on"})


class DayRefusal(StrEnum):
    IMPLAUSIBLE = "implausible_day"
    TO_COME = "day_to_come"
    BEFORE_ITS_START = "end_before_start"
    STILL_SERVES = "end_while_serving"
    BEFORE_ITS_BASELINE = "target_before_baseline"


def refused_day(day: date, *, has_happened: bool, today: date) -> DayRefusal | None:
    """Why this day cannot be true, on its own."""
    first, last = PLAUSIBLE_YEARS
    if not first <= day.year <= last:
        return DayRefusal.IMPLAUSIBLE
    return DayRefusal.TO_COME if has_happened and day > today else None


def refused_days(answers: Mapping[str, Any], *, today: date) -> dict[str, DayRefusal]:
    """Field → why its day cannot be true, among the answers of one system or of one of its rows."""
    days = {code: answers[code] for code in (*HAPPENED, *PLANNED) if answers.get(code)}
    each = {code: refused_day(day, has_happened=code in HAPPENED, today=today) for code, day in days.items()}
    found = {code: refusal for code, refusal in each.items() if refusal}
    if "ended_on" in days and "ended_on" not in found:
        if answers.get("phase") in SERVING:
            found["ended_on"] = DayRefusal.STILL_SERVES
        elif "started_on" in days and days["ended_on"] < days["started_on"]:
            found["ended_on"] = DayRefusal.BEFORE_ITS_START
    if {"baseline_on", "target_on"} <= days.keys() - found.keys() and days["target_on"] < days["baseline_on"]:
        found["target_on"] = DayRefusal.BEFORE_ITS_BASELINE
    return found


def is_measured_year(year: int, *, today: date) -> bool:
    """A year that has begun: nothing is measured before."""
    return PLAUSIBLE_YEARS[0] <= year <= today.year
