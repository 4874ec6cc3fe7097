"""Days and years of an answer, whichever door they come by: what the pure rules refuse, in a sentence that helps."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.services import InvalidInput
from core.text import reader_language
from registry.field_catalogue import Field
from registry.rules.days import PLAUSIBLE_YEARS, DayRefusal, is_measured_year, refused_days

# What to do about a day that has not come, where there is more to say than that.
TO_COME = {
    "started_on": gettext_lazy("Give a date that has passed, or leave it empty if the system is not in use yet."),
    "ended_on": gettext_lazy("Give a date that has passed, or leave it empty while the system is in use."),
    "reviewed_on": gettext_lazy("Give a date that has passed: the last day when someone checked the sheet."),
    "departure_accepted_on": gettext_lazy("Give a date that has passed: the day when the departure was accepted."),
}
# The other answer that the refusal of a day comes from.
WITH = {
    DayRefusal.BEFORE_ITS_START: "started_on",
    DayRefusal.STILL_SERVES: "phase",
    DayRefusal.BEFORE_ITS_BASELINE: "baseline_on",
}


def day_problems(
    fields: Mapping[str, Field], answers: Mapping[str, Any], typed: Collection[str], *, today: date
) -> dict[str, str]:
    """Field among those typed → what is wrong with its day, beside the other answers. What stood there already and
    that nobody typed is not looked at.
    """
    found = {}
    for code, refusal in refused_days(answers, today=today).items():
        asked = next((each for each in (code, WITH.get(refusal, "")) if each in typed), None)
        if asked:
            found[asked] = _sentence(fields, code, refusal)
    return found


def check_days(fields: Mapping[str, Field], answers: Mapping[str, Any], typed: Collection[str]) -> None:
    """Raises `InvalidInput` for the first day that cannot be true."""
    today = clock.civil_date(clock.now())
    for code, sentence in day_problems(fields, answers, typed, today=today).items():
        raise InvalidInput(sentence, field=code)


def check_year(field: Field, year: int | None) -> None:
    """A measure is of a year that has begun."""
    today = clock.civil_date(clock.now())
    if year is not None and not is_measured_year(year, today=today):
        told = {"first": PLAUSIBLE_YEARS[0], "last": today.year}
        raise InvalidInput(_("Give a year from %(first)d to %(last)d.") % told, field=field.code)


def _sentence(fields: Mapping[str, Field], code: str, refusal: DayRefusal) -> str:
    language = reader_language()
    label = fields[code].label[language]
    if refusal == DayRefusal.TO_COME:
        sentence = TO_COME.get(code)
        return str(sentence) if sentence else _("“%(label)s”: give a date that has passed.") % {"label": label}
    if refusal == DayRefusal.IMPLAUSIBLE:
        first, last = PLAUSIBLE_YEARS
        return _("“%(label)s”: give a date from %(first)d to %(last)d.") % {
            "label": label, "first": first, "last": last
        }  # fmt: skip
    if refusal == DayRefusal.STILL_SERVES:
        return _("“%(label)s”: a system in use has no end yet. Leave it empty, or change the phase first.") % {
            "label": label
        }
    told = {"start": fields[WITH[refusal]].label[language], "end": label}
    return _("“%(end)s” is before “%(start)s”: correct one of the two dates.") % told
