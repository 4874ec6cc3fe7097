"""Whether a condition of a questionnaire holds: `visible_when`, rules of depth, of screening."""

from collections.abc import Mapping
from typing import Any, Protocol

from assessments.questionnaires import Condition

Facts = Mapping[str, Any]
"""`system.is_ai`, `body.regimes`, `screening.personal_information`… → a code, a list of codes, a number, yes or no."""


class Known(Protocol):
    """What a condition may ask: answers that count, facts of the record."""

    facts: Facts

    def value_of(self, question: str) -> Any:
        """The answer as stored; None when it is not given, or not asked."""
        ...

    def points_of(self, question: str) -> float:
        """What the chosen options weigh."""
        ...


def holds(condition: Condition | None, known: Known) -> bool:
    """No condition always holds. What is not known holds nothing."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(each, known) for each in condition["all"])
    if "any" in condition:
        return any(holds(each, known) for each in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], known)
    if "fact" in condition:
        return bool(_codes(known.facts.get(condition["fact"])) & _codes(condition["in"]))
    if "points_of" in condition:
        return bool(sum(known.points_of(code) for code in condition["points_of"]) >= condition["at_least"])
    return _answer_holds(condition, known.value_of(condition["answer"]))


def _answer_holds(condition: Condition, value: Any) -> bool:
    if "answered" in condition:
        return bool((value is not None) == condition["answered"])
    if "at_least" in condition:
        return isinstance(value, (int, float)) and bool(value >= condition["at_least"])
    return bool(_codes(chosen(value)) & _codes(condition["in"]))


def chosen(value: Any) -> Any:
    """The codes of an answer: those of its choice, whatever was written beside it."""
    if isinstance(value, Mapping):
        return value.get("choice") or value.get("events")
    return value


def _codes(value: Any) -> set[str]:
    """Truths of a record are compared as `true` and `false`, like the words of a data file."""
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return {str(each).lower() if isinstance(each, bool) else str(each) for each in values if each not in (None, "")}
