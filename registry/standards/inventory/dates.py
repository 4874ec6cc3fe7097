"""A day typed by a person → ISO. A day that could be two days, or that lacks a part, is left to the person."""

import re

from registry.standards.days import MONTHS, calendar_day
from registry.standards.words import fold

_ISO = re.compile(r"(\d{4})([-/. ]?)(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
# «Prévu 3 août 2027» and «fin 31 mars» are no beginnings: only what changes nothing may stand before the day.
_BEFORE = (
    r"(?:(?:le|du|the|on|depuis|since|depuis le|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday) ){0,2}"
)
_DAY_FIRST = re.compile(_BEFORE + r"(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]+) (\d{4})")
_MONTH_FIRST = re.compile(_BEFORE + r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_YEAR_MONTH = re.compile(r"(?:[a-z]+ )?\d{4}|\d{4}[- /]\d{1,2}|\d{1,2}[- /]\d{4}")


def read_date(text: str) -> tuple[str | None, str]:
    """(ISO day, "") or (None, `not_a_date`, `incomplete_date` or `ambiguous_date`)."""
    if iso := _ISO.fullmatch(text):
        return _day(int(iso.group(1)), int(iso.group(3)), int(iso.group(4)))
    if numbers := _NUMBERS.fullmatch(text):
        return _two_ways(*map(int, numbers.groups()))
    words = fold(text)
    if named := _DAY_FIRST.fullmatch(words):
        day, month, year = named.groups()
        if month in MONTHS:
            return _day(int(year), MONTHS[month], int(day))
    if named := _MONTH_FIRST.fullmatch(words):
        month, day, year = named.groups()
        if month in MONTHS:
            return _day(int(year), MONTHS[month], int(day))
    return None, "incomplete_date" if _is_incomplete(text, words) else "not_a_date"


def _is_incomplete(text: str, words: str) -> bool:
    if not _YEAR_MONTH.fullmatch(text) and not _YEAR_MONTH.fullmatch(words):
        return False
    return all(word in MONTHS for word in re.findall("[a-z]+", words))


def _two_ways(first: int, second: int, year: int) -> tuple[str | None, str]:
    """31/01/2024 can only be read one way; 03/04/2024 is 3 April or 4 March, and both are written in Québec."""
    if first <= 12 and second <= 12 and first != second:
        return None, "ambiguous_date"
    return _day(year, first, second) if second > 12 else _day(year, second, first)


def _day(year: int, month: int, day: int) -> tuple[str | None, str]:
    found = calendar_day(year, month, day)
    return found, "" if found else "not_a_date"
