"""What two people, or a person and a program, wrote in the same place: both texts, and who wrote the other one."""

from collections.abc import Iterable, Mapping
from typing import Any

from assessments.models import Answer
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import name_of
from assessments.services.words import label_of, leaf_at, shown_leaf
from core.services import Difference
from organizations.models import User

Disputed = tuple[Question, str, Any, Any]
"""Question, path, what is stored, what was typed."""


def differences(
    questionnaire: Questionnaire, disputed: Iterable[Disputed], rows: Mapping[str, Answer]
) -> tuple[Difference, ...]:
    """One query, for the names of those who wrote. `rows`: question → its answer as it is stored."""
    found = list(disputed)
    keys = {rows[question.id].updated_by_id for question, *_rest in found if question.id in rows}
    people = User.objects.in_bulk(key for key in keys if key)
    return tuple(
        difference(questionnaire, question, path, now, typed, rows.get(question.id), people)
        for question, path, now, typed in found
    )


def difference(
    questionnaire: Questionnaire,
    question: Question,
    path: str,
    now: Any,
    typed: Any,
    row: Answer | None = None,
    people: Mapping[int, User] | None = None,
) -> Difference:
    """Of one leaf. Without its row nobody is named: a program is told what differs."""
    leaf = leaf_at(questionnaire, question, path)
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
