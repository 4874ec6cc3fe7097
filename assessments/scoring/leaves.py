"""An answer, whatever its kind, as a flat map of leaves: what a form shows, what two people may write side by side.

A leaf is one text, number, date or choice. A simple answer has one, of path «»; a table has one for each cell, at
`row.column`. Two people who write different leaves of one answer never meet.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.questionnaires import YES_NO_UNSURE, Option, Question, Questionnaire, Text

Flat = Mapping[str, Any]
"""Path → value of each leaf that holds something."""

SIMPLE = frozenset({"text", "long_text", "number", "date", "url", "yes_no_unsure", "single_choice", "multiple_choice"})
BY_LINE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "checklist": (("state", "state"), ("proof", "text")),
    "criteria_grid": (("verdict", "verdict"), ("reason", "long_text")),
    "rating_grid": (("", "rating"),),
}
STATES = ("yes", "no", "not_applicable")
VERDICTS = ("met", "not_met", "unsure")
MEASURE_STATES = ("in_place", "planned", "set_aside")
DEGREES = ("1", "2", "3", "4")
MOMENTS = ("before", "now", "residual")
LINK_LEAVES = (("kind", "link_kind"), ("reference", "text"))
MEASURE_LEAVES = (("state", "measure_state"), ("owner", "text"), ("due_on", "date"), ("note", "long_text"))
RISK_LEAVES = (
    ("applies", "yes_no_unsure"),
    *((f"{moment}_{axis}", "degree") for moment in MOMENTS for axis in ("severity", "likelihood")),
    ("reason", "long_text"),
    ("measures", "risk_measures"),
)
PARTS_OF: Mapping[str, tuple[tuple[str, str], ...]] = {
    "choice_with_text": (("choice", "single_choice"), ("text", "long_text")),
    "role": (("function", "text"), ("name", "text")),
    "person_delay": (("function", "text"), ("days", "whole")),
    "date_with_events": (("date", "date"), ("events", "multiple_choice")),
    "file": (("files", "files"),),
    "text_with_file": (("text", "long_text"), ("files", "files")),
}
HAS_ROWS = frozenset({"table", "link", "measures"})
# Made by the server: in the order in which rows were added, and no two people make the same.
ROW_KEY = re.compile(r"r[0-9]{4}[0-9a-z]{4}")
MOST_ROWS = 200
LAST_ROW = 9999
DEFAULT_LENGTHS = {"text": 300, "long_text": 5000, "url": 500}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "yes_no_unsure": YES_NO_UNSURE,
    "state": STATES,
    "verdict": VERDICTS,
    "degree": DEGREES,
    "measure_state": MEASURE_STATES,
}
# Kinds of leaves whose value is one code, and those whose value is a list of codes.
ONE_CODE = frozenset({"single_choice", "rating", "link_kind", *CHOICES})
MANY_CODES = frozenset({"multiple_choice", "risk_measures"})


def name_of(code: str, path: str) -> str:
    """What a leaf is called outside its answer: `question`, or `question.path`."""
    return f"{code}.{path}" if path else code


@dataclass(frozen=True)
class Leaf:
    """One thing to fill in. `line`: the words of its row, line or risk; `name`: what it is there («preuve»), a code.
    `is_optional`: a column that a row need not have. `number`: of its row, as the page shows it, the first being 1; 0
    outside a row.
    """

    path: str
    kind: str
    name: str = ""
    line: Text | None = None
    label: Text | None = None
    options: tuple[Option, ...] = ()
    codes: tuple[str, ...] = ()
    max_length: int | None = None
    at_most: float | None = None
    is_optional: bool = False
    number: int = 0

    @property
    def is_file(self) -> bool:
        return self.kind == "files"


def leaves_of(questionnaire: Questionnaire, question: Question, flat: Flat, new: int = 0) -> Iterator[Leaf]:
    """Every leaf of a question: its rows are those that `flat` has, and `new` empty ones after them."""
    kind = question.kind
    if kind in SIMPLE:
        yield _leaf(question, "", kind, options=question.options)
    elif kind in PARTS_OF:
        for name, leaf_kind in PARTS_OF[kind]:
            options = question.options if leaf_kind in {"single_choice", "multiple_choice"} else ()
            yield _leaf(question, name, leaf_kind, name=name, options=options)
    elif kind in BY_LINE:
        yield from _of_lines(question)
    elif kind == "risk_list":
        yield from _of_risks(questionnaire, question)
    else:
        if kind == "measures":
            yield from _of_measures(questionnaire, question)
        yield from _of_rows(question, [*row_keys(flat), *new_keys(flat, new)])


def _leaf(question: Question, path: str, kind: str, **more: Any) -> Leaf:
    options: tuple[Option, ...] = more.get("options", ())
    codes = tuple(option.code for option in options) or CHOICES.get(kind, ())
    longest = question.max_length if kind == question.kind or path == "text" else None
    return Leaf(
        path=path,
        kind=kind,
        name=more.get("name", ""),
        line=more.get("line"),
        label=more.get("label"),
        options=options,
        codes=more.get("codes", codes),
        max_length=longest or DEFAULT_LENGTHS.get(kind),
        at_most=question.at_most,
        is_optional=more.get("is_optional", False),
        number=more.get("number", 0),
    )


def _of_lines(question: Question) -> Iterator[Leaf]:
    for line in question.lines:
        for name, kind in BY_LINE[question.kind]:
            options = question.scale if kind == "rating" else ()
            path = ".".join(filter(None, (line.code, name)))
            yield _leaf(question, path, kind, name=name, line=line.label, options=options)


def _of_risks(questionnaire: Questionnaire, question: Question) -> Iterator[Leaf]:
    for risk in questionnaire.risks:
        # The catalogue says which measures lower it; a body may know better, and may have a measure of its own.
        known = sorted(questionnaire.measures, key=lambda measure: risk.code not in measure.risks)
        lowering = tuple(measure.code for measure in known)
        for name, kind in RISK_LEAVES:
            codes = {"codes": lowering} if kind == "risk_measures" else {}
            yield _leaf(question, f"{risk.code}.{name}", kind, name=name, line=risk.label, **codes)


def _of_measures(questionnaire: Questionnaire, question: Question) -> Iterator[Leaf]:
    for measure in questionnaire.measures:
        for name, kind in MEASURE_LEAVES:
            yield _leaf(question, f"{measure.code}.{name}", kind, name=name, line=measure.label)


def _of_rows(question: Question, keys: list[str]) -> Iterator[Leaf]:
    for number, key in enumerate(keys, start=1):
        if question.kind == "table":
            for column in question.columns:
                yield _leaf(
                    question,
                    f"{key}.{column.code}",
                    column.kind,
                    name=column.code,
                    label=column.label,
                    options=column.options,
                    is_optional=not column.required,
                    number=number,
                )
        elif question.kind == "link":
            for name, kind in LINK_LEAVES[1:] if is_of_one_kind(question) else LINK_LEAVES:
                codes = {"codes": question.links} if kind == "link_kind" else {}
                yield _leaf(question, f"{key}.{name}", kind, name=name, number=number, **codes)
        else:
            for name, kind in (("label", "text"), *MEASURE_LEAVES):
                yield _leaf(question, f"{key}.{name}", kind, name=name, number=number)


def is_of_one_kind(question: Question) -> bool:
    """It links to records of one kind alone: nobody chooses in a list of one, and no row says which."""
    return len(question.links) == 1


def row_keys(flat: Flat) -> list[str]:
    """The rows that hold something, in the order in which they were added."""
    return sorted({path.partition(".")[0] for path in flat if ROW_KEY.fullmatch(path.partition(".")[0])})


def new_keys(flat: Flat, number: int, *, seed: str = "") -> list[str]:
    """Keys for rows to come, after those there are. `seed`: four letters or figures that nobody else draws."""
    taken = {int(key[1:5]) for key in row_keys(flat)}
    last = max(taken, default=0)
    if last + number > LAST_ROW:  # somebody wrote the last key: numbers left free come next
        free = (step for step in range(1, LAST_ROW + 1) if step not in taken)
        return [f"r{step:04d}{seed or '0000'}" for step, _each in zip(free, range(number), strict=False)]
    return [f"r{last + step:04d}{seed or '0000'}" for step in range(1, number + 1)]


def flat_of(question: Question, value: Any) -> dict[str, Any]:
    """The leaves of a stored answer; nothing for an answer not given."""
    if value is None:
        return {}
    if question.kind in SIMPLE:
        return {"": value}
    if question.kind in HAS_ROWS and isinstance(value, list):
        unsaid = {"row", "kind"} if is_of_one_kind(question) else {"row"}  # rows of before said it all the same
        return {f"{row['row']}.{name}": each for row in value for name, each in row.items() if name not in unsaid}
    found: dict[str, Any] = {}
    for name, each in value.items():
        if isinstance(each, Mapping):
            found |= {f"{name}.{inner}": leaf for inner, leaf in each.items()}
        else:
            found[name] = each
    return found


def whole_of(question: Question, flat: Flat) -> Any:
    """The answer to store, from its leaves; None when they all are empty. `flat_of` gives the leaves back."""
    kept = {path: value for path, value in flat.items() if value not in (None, "", [], {})}
    if not kept:
        return None
    if question.kind in SIMPLE:
        return kept.get("")
    found: dict[str, Any] = {}
    for path in sorted(kept):
        name, _dot, inner = path.partition(".")
        if inner:
            found.setdefault(name, {})[inner] = kept[path]
        else:
            found[name] = kept[path]
    if question.kind in HAS_ROWS:
        return [{"row": key, **found[key]} for key in sorted(found)]
    return found
