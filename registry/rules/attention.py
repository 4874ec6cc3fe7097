"""How much attention a system calls for, and whether it departs from the strategy: what more is then asked of the body.

A rule of Vigie, not of the law: it decides which questions are asked, and never whether a system is permitted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from registry.field_catalogue import CATALOGUE, Field, Part, Requirement

Answers = Mapping[str, Any]


class Attention(IntEnum):
    LOW = 1
    MODERATE = 2
    HIGH = 3


LEVELS = {"low": Attention.LOW, "moderate": Attention.MODERATE, "high": Attention.HIGH}
# A suspended system, or one being regularized, is asked what a system in service is asked.
PLACES = {
    "": 0, "idea": 1, "development": 2, "experiment": 3, "pilot": 4, "in_service": 5, "regularizing": 5, "suspended": 5,
    "retired": 6,
}  # fmt: skip
NOBODY = "nobody"
DECIDES = frozenset({"supervised", "alone"})
# The answers that the level is made of.
WEIGHED = ("autonomy", "affects_rights", "solely_automated", "sensitive_information", "personal_information")


@dataclass(frozen=True)
class Assessed:
    """The level, and the codes of the fields whose answers raised it."""

    level: Attention
    because: tuple[str, ...] = ()


def attention(answers: Answers) -> Assessed:
    """What is not answered yet raises nothing: the question itself is asked first."""
    decides = answers.get("autonomy") in DECIDES
    rights = answers.get("affects_rights")
    if rights == "yes" and decides:
        return Assessed(Attention.HIGH, ("affects_rights", "autonomy"))
    if answers.get("solely_automated") == "yes":
        return Assessed(Attention.HIGH, ("solely_automated",))
    if rights == "yes" and set(answers.get("sensitive_information") or ()) - {"none"}:
        return Assessed(Attention.HIGH, ("affects_rights", "sensitive_information"))
    if rights in {"yes", "unsure"}:
        return Assessed(Attention.MODERATE, ("affects_rights",))
    if answers.get("personal_information") in {"yes", "unsure"}:
        return Assessed(Attention.MODERATE, ("personal_information",))
    if decides:
        return Assessed(Attention.MODERATE, ("autonomy",))
    return Assessed(Attention.LOW)


def departs_from_principle_4(answers: Answers) -> bool:
    """«Écart au principe 4»: the strategy promises that decisions on citizens' rights stay under the final control of
    a person; the Act respecting Access (s. 65.2) lets a machine decide alone, with notice.
    """
    return answers.get("autonomy") == "alone" and answers.get("affects_rights") == "yes"


def departure_is_answered(answers: Answers) -> bool:
    """Why it departs, which function accepts it, and since when."""
    asked = [field for field in CATALOGUE.fields if field.asked_when == "departure"]
    return all(answers.get(field.code) for field in asked)


def is_asked(field: Field, answers: Answers) -> bool:
    """Whether the question has a meaning for this system at all."""
    return field.asked_when != "departure" or departs_from_principle_4(answers)


def asked(fields: Collection[Field], answers: Answers) -> frozenset[str]:
    return frozenset(field.code for field in fields if is_asked(field, answers))


def caused_by(fields: Collection[Field], before: Answers, after: Answers) -> tuple[str, ...]:
    """The answers that changed and without whose change other questions would be asked."""
    now = asked(fields, after)
    changed = [code for code, value in after.items() if value != before.get(code)]
    return tuple(code for code in changed if asked(fields, {**after, code: before.get(code)}) != now)


def is_required(field: Field, answers: Answers) -> bool:
    """Asked of every declaration, or from this phase on at this level of attention. Missing, it warns, never blocks."""
    if field.asked_when == "departure":
        return departs_from_principle_4(answers)
    return bool(field.mandatory_for) or _is_due(field.required_from, answers)


def is_row_required(part: Part, answers: Answers) -> bool:
    """At least one row is wanted. Missing, it warns, never blocks."""
    about_things = part.asked_when == "people" and answers.get("affected") == [NOBODY]
    return not about_things and _is_due(part.required_from, answers)


def _is_due(required: Requirement | None, answers: Answers) -> bool:
    if required is None:
        return False
    here, from_phase = PLACES[answers.get("phase") or ""], PLACES[required.phase]
    # A retired system is asked about its end, no longer about how it is watched.
    is_there = here == from_phase if PLACES["retired"] in {here, from_phase} else here >= from_phase
    return is_there and attention(answers).level >= LEVELS[required.attention]


@dataclass(frozen=True)
class Progress:
    """Of one section: how many of the answers that are required now are there; a part counts for one answer, which a
    row gives.
    """

    section: str
    done: int
    required: int
    missing: tuple[Field | Part, ...]


def progress(answers: Answers, *, filled: Collection[str]) -> tuple[Progress, ...]:
    """Section by section, in the order of the citizen's questions. English twins never count. `filled`: codes of the
    parts that have a row.
    """
    found = []
    fields = [field for field in CATALOGUE.fields if is_required(field, answers)]
    parts = [part for part in CATALOGUE.parts if is_row_required(part, answers)]
    for section in CATALOGUE.sections:
        here = [each for each in fields if each.section == section.code]
        rows = [each for each in parts if each.section == section.code]
        missing: list[Field | Part] = [each for each in here if answers.get(each.code) in (None, "", [])]
        missing += [each for each in rows if each.code not in filled]
        wanted = len(here) + len(rows)
        found.append(Progress(section.code, wanted - len(missing), wanted, tuple(missing)))
    return tuple(found)
