"""What two people, or a person and a program, wrote in the same place: both texts, and who wrote the other one."""

from collections.abc import Iterable, Mapping
from typing import Any

from assessments.models import Answer
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import SIMPLE, Flat, flat_of, name_of
from assessments.services.words import label_of, leaf_at, shown_leaf
from core.services import Difference
from organizations.models import User

Disputed = tuple[Question, str, Any]
"""Question, path, what was typed."""


def differences(
    questionnaire: Questionnaire, disputed: Iterable[Disputed], rows: Mapping[str, Answer], version: int
) -> tuple[Difference, ...]:
    """Two queries: what was written since `version`, and the names of those who wrote. `rows`: question → its answer as
    it is stored.
    """
    found = list(disputed)
    writers = _writers(found, rows, version)
    saves = [writers.get((question.id, path)) or rows.get(question.id) for question, path, *_rest in found]
    people = User.objects.in_bulk({save.updated_by_id for save in saves if save and save.updated_by_id})
    values = {question.id: getattr(rows.get(question.id), "value", None) for question, *_rest in found}
    stored = {question.id: flat_of(question, values[question.id]) for question, *_rest in found}
    return tuple(
        difference(questionnaire, question, path, stored[question.id], typed, save, people)
        for (question, path, typed), save in zip(found, saves, strict=True)
    )


def _writers(found: Iterable[Disputed], rows: Mapping[str, Answer], version: int) -> dict[tuple[str, str], Any]:
    """(Question, path) → the save that wrote what stands there: another leaf of the answer may have come later."""
    asked = {rows[question.id].pk: question for question, *_rest in found if question.id in rows}
    many = {pk: question for pk, question in asked.items() if question.kind not in SIMPLE}
    if not many:
        return {}
    flats = {pk: flat_of(question, getattr(rows[question.id], "base", None)) for pk, question in many.items()}
    events = Answer.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    writers: dict[tuple[str, str], Any] = {}
    for event in events.filter(pgh_obj_id__in=many, version__gt=version).select_related("guest").order_by("pgh_id"):
        question, before = many[event.pgh_obj_id], flats[event.pgh_obj_id]
        now = flats[event.pgh_obj_id] = flat_of(question, event.value)
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        writers |= {(question.id, path): event for path in changed}
    return writers


def difference(
    questionnaire: Questionnaire,
    question: Question,
    path: str,
    stored: Flat,
    typed: Any,
    row: Any = None,
    people: Mapping[int, User] | None = None,
) -> Difference:
    """Of one leaf of an answer, which has these `stored`. `row`: the save that wrote what is there; without it nobody
    is named: a program is told what differs.
    """
    leaf, now = leaf_at(questionnaire, question, path, stored), stored.get(path)
    person = (people or {}).get(row.updated_by_id) if row and row.updated_by_id else None
    return Difference(
        name_of(question.id, path),
        label_of(questionnaire, question, leaf),
        stored=shown_leaf(questionnaire, leaf, now),
        typed=shown_leaf(questionnaire, leaf, typed),
        stored_value=now if now is not None else "",
        typed_value=typed,
        by=str(person or (row.guest if row else "") or ""),
        at=row.updated_at if row else None,
        by_ref=person.actor_ref if person else "",
    )
