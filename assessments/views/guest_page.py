"""The page of questions of an invited person: theirs alone, and what an autosave tells of it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assessments.forms.answers import AnswersForm
from assessments.forms.asked import Surroundings, asked_questions
from assessments.models import Evidence, GuestAccess
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import is_answered
from assessments.serializers.guests import own_files, thread_counts
from assessments.services.saving import SavedAnswers
from core.pages import progress_told


def guest_page(guest: GuestAccess, form: AnswersForm) -> dict[str, Any]:
    """Their questions, their files, how far they are. Nothing is offered from the record, nobody is named."""
    reading = form.reading
    files: dict[str, list[Evidence]] = {}
    for one in own_files(guest):
        files.setdefault(one.question, []).append(one)
    around = Surroundings({}, {}, files, thread_counts(guest))
    done, required = _progress(reading, form.questions)
    return {
        "form": form,
        "asked": asked_questions(form, around),
        "shown": ",".join(question.id for question in form.questions),
        "done": done,
        "required": required,
        "missing": [question for question in form.questions if _is_missing(reading, question)],
    }


def told_to_guest(guest: GuestAccess, form: AnswersForm, saved: SavedAnswers, here: str) -> dict[str, Any]:
    """After an autosave: how far their questions are, which are wanted, whether some came or went."""
    now = [question for question in saved.reading.asked if question.id in guest.questions]
    done, required = _progress(saved.reading, now)
    answer = progress_told(done, required)
    answer["wanted"] = sorted(question.id for question in now if _is_missing(saved.reading, question))
    shown = {question.id for question in form.questions}
    if shown != {question.id for question in now}:
        names = [name for name, (question, _leaf) in form.owners.items() if question.id in saved.changed]
        answer["asked"] = {
            "near": names[-1] if names else "",
            "sentence": _("This answer changes which questions are asked."),
            "link": _("Show the page as it is now"),
            "href": here,
        }
    return answer


def _progress(reading: Reading, questions: Iterable[Question]) -> tuple[int, int]:
    required = [question for question in questions if question.required]
    return len(required) - sum(_is_missing(reading, question) for question in required), len(required)


def _is_missing(reading: Reading, question: Question) -> bool:
    return question.required and not is_answered(reading, question)
