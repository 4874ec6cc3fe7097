"""Assessments as programs read and write them: each answer whole, under the id of its question."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from assessments.models import Assessment
from assessments.questionnaires import DEPTHS, Question
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.scoring.leaves import name_of
from assessments.scoring.risks import RiskProblem
from assessments.services.words import RULE_WORDS
from assessments.workflow import AssessmentState
from core.rest.fields import Code, Identifier, Members, Strict, Text
from core.rest.paging import PageSerializer
from core.text import reader_language


class AssessmentRowSerializer(serializers.Serializer[Any]):
    """One assessment in a list."""

    uuid = serializers.UUIDField()
    system = serializers.UUIDField(source="system.uuid", help_text=gettext_lazy("Of the system that is assessed."))
    reference = serializers.CharField(
        source="system.reference", allow_null=True, help_text=gettext_lazy("Public number of the system, if any.")
    )
    body = serializers.CharField(source="organization.sigle", help_text=gettext_lazy("Sigle of the body."))
    is_demonstration = serializers.BooleanField(source="organization.is_demonstration")
    instrument = serializers.CharField()
    questionnaire = serializers.CharField(
        source="version_asked.version", help_text=gettext_lazy("Version of the questionnaire that it is filled in by.")
    )
    state = serializers.ChoiceField(AssessmentState.choices)
    version = serializers.IntegerField(help_text=gettext_lazy("Grows by one at each change; the ETag repeats it."))
    done = serializers.IntegerField(help_text=gettext_lazy("Mandatory questions that are answered."))
    required = serializers.IntegerField(  # type: ignore[assignment]  # a member of this name
        help_text=gettext_lazy("Mandatory questions.")
    )
    level = serializers.CharField(
        allow_blank=True, help_text=gettext_lazy("Code of the level that remains; empty while nothing is rated.")
    )
    due_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AssessmentPageSerializer(PageSerializer):
    results = AssessmentRowSerializer(many=True)


class DepthSerializer(serializers.Serializer[Any]):
    """How deep the questions go, and why."""

    asked = serializers.ChoiceField(DEPTHS)
    recommended = serializers.ChoiceField(DEPTHS)
    floor = serializers.ChoiceField(DEPTHS, help_text=gettext_lazy("The least that may be chosen."))
    chosen = serializers.ChoiceField(
        DEPTHS, allow_blank=True, help_text=gettext_lazy("By a person; empty: as recommended.")
    )
    reason = serializers.CharField(allow_blank=True)
    because = serializers.ListField(child=serializers.CharField())


class WaitingSerializer(serializers.Serializer[Any]):
    """What an assessment waits for before it is submitted."""

    field = serializers.CharField(help_text=gettext_lazy("The question, with the path of the leaf."))
    detail = serializers.CharField()


class RiskProblemSerializer(serializers.Serializer[Any]):
    """A rule that one risk does not follow yet."""

    risk = serializers.CharField()
    rule = serializers.ChoiceField(list(RULE_WORDS))
    field = serializers.CharField(allow_blank=True, help_text=gettext_lazy("The question, with the path of the leaf."))
    detail = serializers.CharField()
    blocks = serializers.BooleanField(help_text=gettext_lazy("False: it does not keep from submitting."))


class AssessmentSerializer(AssessmentRowSerializer):
    """One assessment with its answers, as the body keeps it."""

    digest = serializers.CharField(help_text=gettext_lazy("SHA-256 of the questionnaire."))
    depth = DepthSerializer(allow_null=True, help_text=gettext_lazy("None: every question is asked of everyone."))
    answers = serializers.DictField(
        child=serializers.JSONField(),
        help_text=gettext_lazy("As they are stored, whole, under the id of their question; those kept aside too."),
    )
    asked = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Ids of the questions that are asked now, in order.")
    )
    missing = WaitingSerializer(many=True, help_text=gettext_lazy("Mandatory questions that wait for an answer."))
    problems = RiskProblemSerializer(many=True)
    kept_aside = serializers.ListField(
        child=serializers.CharField(),
        help_text=gettext_lazy(
            "Questions, or parts of an answer, that are answered and not asked any more: kept, counted nowhere, "
            "dropped at the submission."
        ),
    )
    screened = serializers.DictField(
        child=serializers.JSONField(), help_text=gettext_lazy("What the last screening of the system answered.")
    )
    withdrawn_reason = serializers.CharField(allow_blank=True)


def assessment_told(assessment: Assessment, reading: Reading) -> dict[str, Any]:
    row = AssessmentRowSerializer(assessment).data
    found = completeness(reading)
    more = {
        "digest": assessment.version_asked.digest,
        "depth": _depth(assessment, reading),
        "answers": reading.answers,
        "asked": [question.id for question in reading.asked],
        "missing": [{"field": question.id, "detail": to_answer(question)} for question in found.missing],
        "problems": [_problem(reading, each) for each in found.problems],
        "kept_aside": [
            *(question.id for question in reading.kept_aside),
            *(name_of(question.id, path) for question, path in reading.parts_aside),
        ],
        "screened": assessment.screened,
        "withdrawn_reason": assessment.withdrawn_reason,
    }
    return {**row, **more}


def _depth(assessment: Assessment, reading: Reading) -> dict[str, Any] | None:
    if reading.questionnaire.depth is None:
        return None
    depth, language = reading.depth, reader_language()
    return {
        "asked": depth.asked,
        "recommended": depth.recommended,
        "floor": depth.floor,
        "chosen": depth.chosen,
        "reason": assessment.depth_reason,
        "because": [text[language] for text in depth.because],
    }


def to_answer(question: Question) -> str:
    return _("Answer this question: “%(label)s”") % {"label": question.label[reader_language()]}


def _problem(reading: Reading, problem: RiskProblem) -> dict[str, Any]:
    risks = reading.questionnaire.risk_question
    place = name_of(problem.question or (risks.id if risks else ""), problem.leaf)
    told = {"risk": problem.risk.label[reader_language()], "rule": str(RULE_WORDS[problem.rule])}
    return {
        "risk": problem.risk.code,
        "rule": problem.rule,
        "field": place,
        "detail": _("Risk “%(risk)s”: %(rule)s.") % told,
        "blocks": problem.blocks_submission,
    }


def waiting(reading: Reading) -> Iterator[dict[str, str]]:
    """Everything that keeps from submitting, as the errors of a request."""
    found = completeness(reading)
    for question in found.missing:
        yield {"field": f"answers.{question.id}", "detail": to_answer(question)}
    for told in (_problem(reading, each) for each in found.blocking):
        yield {"field": f"answers.{told['field']}", "detail": told["detail"]}


class NewAssessmentSerializer(Strict):
    """What is begun: on its own, or with the answers of another assessment."""

    system = Identifier(help_text=gettext_lazy("Of the system to assess."))
    instrument = Text(max_length=40, help_text=gettext_lazy("Code of a questionnaire, such as “efvp”."))
    source = Identifier(  # type: ignore[assignment]  # a member of this name
        required=False,
        allow_null=True,
        help_text=gettext_lazy("Of an assessment of the same instrument, whose answers are taken over."),
    )


class AnswersSentSerializer(Strict):
    """The answers to change; those that are not there stay as they are."""

    answers = Members(
        child=serializers.JSONField(allow_null=True),
        help_text=gettext_lazy(
            "Each whole, under the id of its question, in the shape in which it is read: what is left out of it is "
            "emptied, null empties it all. A row without “row” is a new one; files come and go by their own address."
        ),
    )


class DepthChoiceSerializer(Strict):
    """How deep to go."""

    depth = Code(list(DEPTHS), allow_blank=True, help_text=gettext_lazy("Empty: as recommended."))
    reason = Text(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text=gettext_lazy("Needed for less than what is recommended. It is kept."),
    )


class ReasonSerializer(Strict):
    """Why the draft is left."""

    reason = Text(max_length=400, help_text=gettext_lazy("It is kept with the assessment."))


class NothingSerializer(Strict):
    """Nothing to say."""


class SubmissionSerializer(serializers.Serializer[Any]):
    """What was submitted, frozen under its digest."""

    number = serializers.IntegerField(min_value=1)
    digest = serializers.CharField(help_text=gettext_lazy("SHA-256 of exactly what is decided on."))
    level = serializers.CharField(allow_blank=True, source="document.level")
    dropped = serializers.ListField(
        child=serializers.CharField(),
        source="document.dropped",
        help_text=gettext_lazy("Questions whose answers were kept aside, and dropped here."),
    )
    dropped_parts = serializers.ListField(
        child=serializers.CharField(),
        source="document.dropped_parts",
        help_text=gettext_lazy("The same for parts of an answer, by their path."),
    )
    submitted_at = serializers.DateTimeField()


class DecisionSerializer(Strict):
    """What a person decides on what was submitted."""

    move = Code(["approve", "send_back"])
    comment = Text(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text=gettext_lazy("Needed to send back: what should be changed. It is kept."),
    )


class AcceptanceSerializer(Strict):
    """The written word of the highest authority on a risk that remains critical."""

    function = Text(max_length=200, help_text=gettext_lazy("Under which the person accepts."))
    text = Text(max_length=2000, help_text=gettext_lazy("Why the risk is accepted. It is kept."))


def _sent(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


NEW = _sent("new", {"system": "0b0e9a3e-4f3e-4c3b-9d55-3a6f0d8f2c11", "instrument": "efvp"})
CHANGES = _sent(
    "change",
    {
        "answers": {
            "project_name": "Tri des demandes",
            "special_situations": ["none"],
            "project_lead": {"function": "Direction des services"},
            "people_concerned": [{"group": "Personnes qui font une demande", "number": 1200}],
        }
    },
)
SHORT = _sent("short", {"depth": "short", "reason": "Le système ne traite aucun renseignement personnel."})
LEAVE = _sent("leave", {"reason": "Le projet est abandonné."})
APPROVE = _sent("approve", {"move": "approve"})
