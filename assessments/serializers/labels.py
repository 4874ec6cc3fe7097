"""The question behind the name of a form field, for a page that gives back what was typed without its form."""

from collections.abc import Mapping
from typing import Any

from assessments.models import Assessment
from assessments.questionnaires import Questionnaire
from assessments.scoring.leaves import leaves_of, name_of
from assessments.services.guests import find_guest
from assessments.services.words import label_of, name_of_leaf
from core.text import reader_language


def questions(view: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Named in FIELD_LABELS: leaf → its question and its line, on the pages where questions are answered; `*` stands
    for the key of any row.
    """
    room, _, page = view.partition(":")
    if room == "assessments" and page in {"section", "question", "everything"}:
        found = Assessment.objects.with_what_it_needs().filter(uuid=given["uuid"]).first()
        return _labels(found.questionnaire) if found else {}
    guest = find_guest(given["secret"]) if (room, page) == ("guests", "answers") else None
    return _labels(guest.assessment.questionnaire) if guest else {}


def _labels(questionnaire: Questionnaire) -> dict[str, str]:
    language = reader_language()
    labels = {question.id: question.label[language] for question in questionnaire.questions}
    for question in questionnaire.questions:
        for leaf in leaves_of(questionnaire, question, {}, new=1):
            if leaf.number:
                cell = " – ".join(filter(None, (labels[question.id], name_of_leaf(leaf))))
                labels[f"{question.id}.*.{leaf.name}"] = cell
            elif leaf.path:
                labels[name_of(question.id, leaf.path)] = label_of(questionnaire, question, leaf)
    return labels
