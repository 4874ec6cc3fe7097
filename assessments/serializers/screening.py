"""What a screening says: one sentence for each assessment, its origin, and the answer that would change it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.questionnaires import Questionnaire
from assessments.scoring.outcomes import Change, Result, results
from assessments.serializers.words import RESULT_COLOURS, RESULT_WORDS
from assessments.services.words import CODES
from core.text import reader_language


def outcomes_told(
    questionnaire: Questionnaire, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [_told(questionnaire, result) for result in results(questionnaire, answers, facts)]


def _told(questionnaire: Questionnaire, result: Result) -> dict[str, Any]:
    language = reader_language()
    return {
        "instrument": result.outcome.instrument,
        "label": result.outcome.label[language],
        "result": result.result,
        "words": RESULT_WORDS[result.result],
        "colour": RESULT_COLOURS[result.result],
        "sentence": result.rule.sentence[language],
        "sources": [questionnaire.sources[code] for code in result.rule.refs],
        "change": _change(result.change) if result.change else "",
        "is_signed": result.outcome.signed_when_not_required and result.result == "not_required",
    }


def _change(change: Change) -> str:
    language = reader_language()
    words = change.label[language] if change.label else CODES["yes_no_unsure"][change.answer]
    told = {
        "answer": words,
        "question": change.question.label[language],
        "result": str(RESULT_WORDS[change.result]).lower(),
    }
    return _("If you answered “%(answer)s” to “%(question)s”, it would be: %(result)s.") % told
