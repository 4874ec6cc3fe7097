"""A whole number typed by a person. A number that could be two numbers is left to the person."""

import re

from registry.standards.values import MOST_INTEGER

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009'", " "))
_MONEY = re.compile(r"(?:CAD|CA)?\s*\$?\s*([\d .,]*\d)\s*(?:\$|dollars?)?\s*(?:CAD|CA)?", re.IGNORECASE)
_ZERO_CENTS = r"(?:[.,]0{1,2})?"
# «125000», «125 000», «125 000,00».
_PLAIN = re.compile(rf"(\d+|\d{{1,3}}(?: \d{{3}})+){_ZERO_CENTS}")
# «1,250,000» and «1.250.000»: two separators can only be thousands; «12,500.00» says which one is which.
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3}){2,})(?:\.0{1,2})?|(\d{1,3}(?:\.\d{3}){2,})(?:,0{1,2})?")
_GROUPED_ONCE = re.compile(r"(\d{1,3},\d{3})\.0{1,2}|(\d{1,3}\.\d{3}),0{1,2}")
# «12,500»: twelve thousand five hundred, or twelve and a half.
_TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}")


def read_number(text: str) -> tuple[int | None, str]:
    """(number, "") or (None, `not_a_number` or `ambiguous_number`)."""
    typed = _MONEY.fullmatch(text.translate(_SPACES).strip()) if len(text) <= 60 else None
    if typed is None:
        return None, "not_a_number"
    figures = typed.group(1)
    if _TWO_WAYS.fullmatch(figures):
        return None, "ambiguous_number"
    for shape in (_PLAIN, _GROUPED, _GROUPED_ONCE):
        if found := shape.fullmatch(figures):
            number = int(re.sub(r"[ .,]", "", next(filter(None, found.groups()))))
            return (number, "") if number <= MOST_INTEGER else (None, "not_a_number")
    return None, "not_a_number"
