"""Days, months and years as the publishers of registers write them → ISO, no more precise than what was written."""

import re
from datetime import date, timedelta

from registry.standards.words import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january", "fevrier fevr fev february feb", "mars march mar", "avril avr april apr",
            "mai may", "juin june jun", "juillet juil july jul", "aout august aug", "septembre sept september sep",
            "octobre oct october", "novembre nov november", "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DUTCH = {"januari": 1, "februari": 2, "maart": 3, "mrt": 3, "mei": 5, "juni": 6, "juli": 7, "augustus": 8}
_DUTCH |= {"oktober": 10, "okt": 10}
_NAMED = MONTHS | _DUTCH
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
# «24» is 2024 and «99» is 1999: a system announced for 2050 would be written in full.
_PIVOT = 50
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?" + _TIME)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_SHORT = re.compile(r"([a-z]+)[-' ](\d{2})", re.IGNORECASE)
_WORDS = (
    re.compile(r"(?P<month>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|er)? (?P<month>[a-z]+) (?P<year>\d{4})"),
    re.compile(r"(?P<month>[a-z]+) (?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4}) (?P<month>[a-z]+)"),
)
# What a spreadsheet keeps for a day: 2000 to 2100. Day 0 is 30 December 1899 (1900 has a leap day too many).
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_415
_DAY_ZERO = date(1899, 12, 30)


def calendar_day(year: int, month: int, day: int) -> str | None:
    """The ISO day, if the calendar has it and a system of ours could bear it."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def read_partial_date(text: str, *, month_first: bool) -> str | None:
    """«2024», «2024-10» or «2024-10-01»; nothing for what is no date. `month_first`: how the publisher of the register
    writes its days, where both readings would do."""
    clean = " ".join(text.split())
    # No ordinary date is longer, and the patterns below would take their time.
    if len(clean) > 40 or not clean.isascii():
        return None
    for read in (_read_iso, _read_month_year, _read_short, _read_words, _read_serial):
        if found := read(clean):
            return found
    return _read_numbers(clean, month_first=month_first)


def _read_iso(text: str) -> str | None:
    if re.fullmatch(r"\d{4}(?:\.0)?", text):
        return text[:4] if _FIRST_YEAR <= int(text[:4]) <= _LAST_YEAR else None
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[3]), found[4]
    return calendar_day(year, month, int(day)) if day else _month(year, month)


def _read_month_year(text: str) -> str | None:
    found = _MONTH_YEAR.fullmatch(text)
    return _month(int(found[2]), int(found[1])) if found else None


def _read_short(text: str) -> str | None:
    """«Jan-03» as spreadsheets show a month and its year; a day and its month would be «3-Jan»."""
    found = _SHORT.fullmatch(text)
    month = _NAMED.get(found[1].lower()) if found else None
    return _month(_full_year(found[2]), month) if found and month else None


def _read_words(text: str) -> str | None:
    words = fold(text)
    for pattern in _WORDS:
        found = pattern.fullmatch(words)
        month = _NAMED.get(found["month"]) if found else None
        if found and month:
            day = found.groupdict().get("day")
            year = int(found["year"])
            return calendar_day(year, month, int(day)) if day else _month(year, month)
    return None


def _read_serial(text: str) -> str | None:
    number = int(text.split(".")[0]) if _SERIAL.fullmatch(text) else 0
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return (_DAY_ZERO + timedelta(days=number)).isoformat()


def _read_numbers(text: str, *, month_first: bool) -> str | None:
    """31/01/2024 can only be read one way; where both would do, the publisher's way."""
    found = _NUMBERS.fullmatch(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    month, day = (first, second) if (month_first and first <= 12) or second > 12 else (second, first)
    return calendar_day(year, month, day)


def _month(year: int, month: int) -> str | None:
    return f"{year:04d}-{month:02d}" if calendar_day(year, month, 1) else None


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < _PIVOT else 1900)
