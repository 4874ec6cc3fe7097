"""One leaf as somebody sent it, by whichever door, made into what is stored; or why it cannot be."""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import MANY_CODES, MOST_ROWS, ONE_CODE, ROW_KEY, Leaf, leaves_of, row_keys
from core.text import clean_line, clean_text

WEB_ADDRESS = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
MOST = 10**12
YEARS = range(1900, 2101)


class WrongValue(ValueError):
    """`problem`: what is wrong, a code that the doors put in words; `leaf`: where; `told`: figures for the sentence."""

    def __init__(self, problem: str, leaf: str = "", **told: Any) -> None:
        super().__init__(problem)
        self.problem, self.leaf, self.told = problem, leaf, told


def clean_leaf(leaf: Leaf, sent: Any) -> Any:
    """What is stored of it: «» or [] for nothing. Raises `WrongValue`."""
    if sent in (None, "", []) or (isinstance(sent, str) and not sent.strip()):
        return [] if leaf.kind in MANY_CODES else ""
    if leaf.kind in MANY_CODES:
        return _codes(leaf, sent)
    if leaf.kind in ONE_CODE:
        return _code(leaf, sent)
    if leaf.kind in {"number", "whole"}:
        return _number(leaf, sent)
    if not isinstance(sent, str):
        raise WrongValue("text", leaf.path)
    # Many times too long: said before each of its characters is looked at.
    if leaf.max_length and len(sent) > 10 * leaf.max_length:
        raise WrongValue("too_long", leaf.path, most=leaf.max_length)
    text = clean_text(sent) if leaf.kind == "long_text" else clean_line(sent)
    if leaf.max_length and len(text) > leaf.max_length:
        raise WrongValue("too_long", leaf.path, most=leaf.max_length)
    if leaf.kind == "date" and text:
        return _day(leaf, text)
    if leaf.kind == "url" and text and not WEB_ADDRESS.fullmatch(text):
        raise WrongValue("url", leaf.path)
    return text


def _code(leaf: Leaf, sent: Any) -> str:
    if not isinstance(sent, str) or sent not in leaf.codes:
        raise WrongValue("choice", leaf.path)
    return sent


def _codes(leaf: Leaf, sent: Any) -> list[str]:
    if not isinstance(sent, list) or not all(isinstance(code, str) for code in sent):
        raise WrongValue("list", leaf.path)
    own = sorted({code for code in sent if leaf.kind == "risk_measures" and ROW_KEY.fullmatch(code)})
    if not all(code in leaf.codes or code in own for code in sent):
        raise WrongValue("choices", leaf.path)
    alone = {option.code for option in leaf.options if option.exclusive}
    if alone & set(sent) and len(set(sent)) > 1:
        raise WrongValue("alone", leaf.path, code=sorted(alone & set(sent))[0])
    return [*(code for code in leaf.codes if code in sent), *own]


def _number(leaf: Leaf, sent: Any) -> int | float:
    if isinstance(sent, str):
        sent = _read_number(leaf, sent)
    if (
        isinstance(sent, bool)
        or not isinstance(sent, (int, float))
        or (isinstance(sent, float) and not math.isfinite(sent))
    ):
        raise WrongValue("number", leaf.path)
    if leaf.kind == "whole" and sent != int(sent):
        raise WrongValue("whole", leaf.path)
    most = leaf.at_most if leaf.at_most is not None else MOST
    if not 0 <= sent <= most:
        raise WrongValue("range", leaf.path, most=most)
    return int(sent) if sent == int(sent) else round(sent, 6)


def _read_number(leaf: Leaf, sent: str) -> float:
    """As people write it here: «1 250,5»."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", sent).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", plain):
        raise WrongValue("number", leaf.path)
    return float(plain)


def _day(leaf: Leaf, text: str) -> str:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise WrongValue("date", leaf.path)
    return day.isoformat()


def clean_flat(questionnaire: Questionnaire, question: Question, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Leaves of one question, each cleaned. Raises `WrongValue`: unknown leaf, wrong type, too many rows. Files come
    by their own door.
    """
    check_rows(sent)
    known = {leaf.path: leaf for leaf in leaves_of(questionnaire, question, sent)}
    found = {}
    for path, value in sent.items():
        leaf = known.get(path)
        if leaf is None or leaf.is_file:
            raise WrongValue("unknown_leaf", str(path)[:80])
        found[path] = clean_leaf(leaf, value)
    return found


def check_rows(flat: Mapping[str, Any]) -> None:
    """Rows without anything in them are rows taken away."""
    filled = {path: value for path, value in flat.items() if value not in (None, "", [])}
    if len(row_keys(filled)) > MOST_ROWS or len(row_keys(flat)) > 3 * MOST_ROWS:
        raise WrongValue("too_many_rows", most=MOST_ROWS)
