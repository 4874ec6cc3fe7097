"""A whole answer that a program sent, as leaves; anything that is not of the shape of its kind is refused by its
place.
"""

from collections.abc import Mapping
from typing import Any

from assessments.questionnaires import Question
from assessments.scoring.leaves import BY_LINE, HAS_ROWS, MOST_ROWS, SIMPLE, is_of_one_kind, new_keys
from assessments.scoring.values import WrongValue


def spread(question: Question, value: Any, *, seed: str) -> dict[str, Any]:
    """Leaves of the answer, not cleaned yet. Rows without key are new ones; `seed` makes their keys nobody else's."""
    if value is None:
        return {}
    if question.kind in SIMPLE:
        if isinstance(value, Mapping) or (isinstance(value, list) and question.kind != "multiple_choice"):
            raise WrongValue("shape", question.kind)
        return {"": value}
    if question.kind in HAS_ROWS:
        return _rows(question, value, seed)
    if not isinstance(value, Mapping):
        raise WrongValue("shape", question.kind)
    found: dict[str, Any] = {}
    for name, each in value.items():
        if name == "files":
            continue  # what was read may be sent back; files come and go by their own door
        if isinstance(each, Mapping) and (question.kind == "risk_list" or question.kind in BY_LINE):
            found |= {f"{name}.{inner}": leaf for inner, leaf in each.items()}
        elif isinstance(each, Mapping):
            raise WrongValue("shape", str(name)[:80])
        else:
            found[str(name)] = each
    return found


def _rows(question: Question, value: Any, seed: str) -> dict[str, Any]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise WrongValue("shape", question.kind)
    if len(value) > MOST_ROWS:
        raise WrongValue("too_many_rows", most=MOST_ROWS)
    found: dict[str, Any] = {}
    given = {f"{row['row']}.": "" for row in value if row.get("row")}
    new = iter(new_keys(given, len(value), seed=seed))
    for row in value:
        key = row.get("row") or next(new)
        # Rows of before said the only kind there is, and may be sent back.
        unsaid = {"row", "kind"} if is_of_one_kind(question) and row.get("kind") == question.links[0] else {"row"}
        found |= {f"{key}.{name}": each for name, each in row.items() if name not in unsaid}
    return found
