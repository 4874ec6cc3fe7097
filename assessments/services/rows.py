"""Taking a whole row off a table."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.scoring.leaves import MANY_CODES, flat_of, leaves_of
from assessments.services.facts import reading_of
from assessments.services.saving import SavedAnswers, Writer, save_answers
from core.services import InvalidInput


@transaction.atomic
def remove_row(*, assessment: Assessment, name: str, version: int, by: Writer) -> SavedAnswers:
    """`name`: `question.row`. Every leaf of the row is emptied, as if somebody did it by hand: one that somebody else
    wrote since `version` is told, not dropped.
    """
    code, _dot, key = name.partition(".")
    reading = reading_of(assessment)
    question = reading.questionnaire.by_id.get(code)
    if question is None:
        raise InvalidInput(_("This row is not there any more. Open the page again."), field=name[:60])
    flat = flat_of(question, reading.answers.get(code))
    row = {path: value for path, value in flat.items() if path.startswith(f"{key}.")}
    empty = {
        leaf.path: [] if leaf.kind in MANY_CODES else ""
        for leaf in leaves_of(reading.questionnaire, question, row)
        if leaf.path in row
    }
    leaves = {f"{code}.{path}": value for path, value in empty.items()}
    return save_answers(assessment=assessment, leaves=leaves, version=version, by=by)
