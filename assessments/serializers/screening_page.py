"""What the pages of a screening show: its outcomes once it is answered, its answers, what the record says otherwise."""

from typing import Any

from django.urls import reverse

from assessments import permissions
from assessments.models import Assessment, ScreeningConclusion
from assessments.questionnaires import Questionnaire
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.scoring.leaves import flat_of
from assessments.serializers.facts import changes_told
from assessments.serializers.overview import question_link
from assessments.serializers.screening import outcomes_told
from assessments.services.against_record import against_record
from assessments.services.facts import reading_of
from assessments.services.prefill import shown_answer
from assessments.services.versions import known_questionnaires
from assessments.workflow import SCREENING, AssessmentState
from core.text import reader_language
from organizations.models import User
from registry import permissions as of_the_record


def results_told(conclusion: ScreeningConclusion) -> list[dict[str, Any]]:
    """What a concluded screening said, by the rules of its own version, and what somebody added to it and why."""
    questionnaire = conclusion.assessment.questionnaire
    reasons = {one["instrument"]: one["reason"] for one in conclusion.added}
    titles = _short_titles(known_questionnaires()) if reasons else {}
    found = outcomes_told(questionnaire, conclusion.answers, conclusion.facts)
    for each in found:
        each["added"] = reasons.get(each["instrument"], "")
        each["short_title"] = titles.get(each["instrument"], each["label"])
    return found


def _short_titles(questionnaires: list[Questionnaire]) -> dict[str, str]:
    return {each.id: each.short_title[reader_language()] for each in questionnaires}


def result_page(assessment: Assessment, reader: User) -> dict[str, Any]:
    """Nothing is said of an assessment while a question waits for its answer: the rules would take it for a «no»."""
    joined = ScreeningConclusion.objects.select_related("concluded_by", "signed_by")
    conclusion = joined.filter(assessment=assessment).first()
    if conclusion:
        conclusion.assessment = assessment
        return {"outcomes": results_told(conclusion), "missing": [], **_concluded(conclusion, reader)}
    reading = reading_of(assessment)
    missing = completeness(reading).missing
    return {
        "conclusion": None,
        "outcomes": [] if missing else outcomes_told(reading.questionnaire, reading.counted, reading.facts),
        "missing": [question_link(assessment, question) for question in missing],
        "against": _against(assessment, reading, reader),
    }


def sign_page(conclusion: ScreeningConclusion, reader: User) -> dict[str, Any]:
    """Everything that the privacy officer reads before signing: the outcomes, the answers, what the record says."""
    assessment = conclusion.assessment
    open_one = Assessment.objects.open().filter(system=assessment.system_id, instrument=SCREENING).first()
    return {
        "outcomes": results_told(conclusion),
        "changed": changes_told(conclusion, assessment.system),
        "answers": _answers(_reading(conclusion)),
        "is_in_force": assessment.state == AssessmentState.DECIDED,
        "open_screening": open_one,
        "may_begin": permissions.can_begin(reader, assessment.system),
        **_concluded(conclusion, reader),
    }


def _concluded(conclusion: ScreeningConclusion, reader: User) -> dict[str, Any]:
    against = _against(conclusion.assessment, _reading(conclusion), reader)
    return {"conclusion": conclusion, "against": against}


def _reading(conclusion: ScreeningConclusion) -> Reading:
    return Reading(conclusion.assessment.questionnaire, conclusion.answers, conclusion.facts)


def _answers(reading: Reading) -> list[dict[str, str]]:
    told = []
    for question in reading.asked:
        words = shown_answer(reading, question, flat_of(question, reading.value_of(question.id)))
        told.append({"label": question.label[reader_language()], "value": "\n".join(words)})
    return told


def _against(assessment: Assessment, reading: Reading, reader: User) -> list[dict[str, str]]:
    """Nothing of a screening whose place another one took: its answers are of their time."""
    if assessment.state not in {AssessmentState.DRAFT, AssessmentState.DECIDED}:
        return []
    may_answer = assessment.is_open and permissions.can_write(reader, assessment)
    may_edit = of_the_record.can_edit(reader, assessment.system)
    told = []
    for one in against_record(assessment, reading):
        link = question_link(assessment, one.question)
        section = reverse("registry:section", args=[assessment.system.uuid, one.field.section])
        told.append(
            {
                "question": link["label"],
                "answer": one.answer,
                "answer_url": link["url"] if may_answer else "",
                "label": one.field.label[reader_language()],
                "recorded": one.recorded,
                "record_url": f"{section}#id_{one.field.code}" if may_edit else "",
            }
        )
    return told
