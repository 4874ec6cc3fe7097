"""What a screening says, the questionnaires and the past of the answers, as programs read them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from assessments.models import QuestionnaireVersion, ScreeningConclusion
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.serializers.api import WaitingSerializer, to_answer
from assessments.serializers.history import names_of, values_of
from assessments.serializers.screening import outcomes_told
from assessments.serializers.words import CERTAINTY_WORDS, ORIGIN_WORDS, RESULT_WORDS
from assessments.workflow import AnswerOrigin
from core.rest.fields import Members, Strict, Text
from core.rest.paging import PageSerializer
from core.text import reader_language


class SourceSerializer(serializers.Serializer[Any]):
    """Where a rule comes from."""

    label = serializers.CharField()  # type: ignore[assignment]  # a member of this name
    origin = serializers.ChoiceField(list(ORIGIN_WORDS))
    certainty = serializers.ChoiceField(list(CERTAINTY_WORDS))


class OutcomeSerializer(serializers.Serializer[Any]):
    """What the screening says of one assessment."""

    instrument = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of this name
    result = serializers.ChoiceField(list(RESULT_WORDS))
    sentence = serializers.CharField()
    sources = SourceSerializer(many=True)
    change = serializers.CharField(
        allow_blank=True,
        help_text=gettext_lazy("The answer that would change it, in a sentence; empty: none alone."),
    )
    is_signed = serializers.BooleanField(help_text=gettext_lazy("It holds once the privacy officer signed it."))


class AddedSerializer(serializers.Serializer[Any]):
    """An assessment that is done although nothing asks for it."""

    instrument = serializers.CharField()
    reason = serializers.CharField()


class ConclusionSerializer(serializers.Serializer[Any]):
    """A screening as it was concluded."""

    digest = serializers.CharField(help_text=gettext_lazy("SHA-256 of the answers, facts and results."))
    concluded_at = serializers.DateTimeField()
    added = AddedSerializer(many=True)
    to_sign = serializers.BooleanField(help_text=gettext_lazy("The privacy officer signs what is not required."))
    signed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(source="signed_note", allow_blank=True)


class ScreeningResultSerializer(serializers.Serializer[Any]):
    """What the answers of a screening say so far, or said when it was concluded."""

    version = serializers.IntegerField(help_text=gettext_lazy("Of the assessment; the ETag repeats it."))
    missing = WaitingSerializer(many=True, help_text=gettext_lazy("Mandatory questions that wait for an answer."))
    outcomes = OutcomeSerializer(many=True, help_text=gettext_lazy("None while a mandatory question waits."))
    conclusion = ConclusionSerializer(allow_null=True)


def result_told(version: int, reading: Reading, conclusion: ScreeningConclusion | None) -> dict[str, Any]:
    """A conclusion by the answers and the facts that it kept; else by those of now, once they all are given: a rule
    would take a question that waits for a «no».
    """
    missing = () if conclusion else completeness(reading).missing
    answers, facts = (conclusion.answers, conclusion.facts) if conclusion else (reading.counted, reading.facts)
    outcomes = [] if missing else outcomes_told(reading.questionnaire, answers, facts)
    language = reader_language()
    for each in outcomes:
        each["sources"] = [{**vars(source), "label": source.label[language]} for source in each["sources"]]
    told = {
        "version": version,
        "missing": [{"field": question.id, "detail": to_answer(question)} for question in missing],
        "outcomes": outcomes,
        "conclusion": conclusion,
    }
    return dict(ScreeningResultSerializer(told).data)


class ConcludeSerializer(Strict):
    """What is added to what the screening asks for."""

    added = Members(
        child=Text(max_length=1000),
        required=False,
        help_text=gettext_lazy("Code of an instrument that is done although nothing asks for it → why. It is kept."),
    )


class SignSerializer(Strict):
    """The signature of the privacy officer, with a remark or without."""

    note = Text(required=False, allow_blank=True, max_length=1000)


class QuestionnaireRowSerializer(serializers.Serializer[Any]):
    """One version of one instrument."""

    instrument = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField(help_text=gettext_lazy("SHA-256 of the content, in canonical JSON."))
    issued_on = serializers.DateField()


class QuestionnairePageSerializer(PageSerializer):
    results = QuestionnaireRowSerializer(many=True)


class QuestionnaireSerializer(QuestionnaireRowSerializer):
    """The whole version, as it was released."""

    content = serializers.DictField(child=serializers.JSONField())


def questionnaire_told(row: QuestionnaireVersion) -> dict[str, Any]:
    return dict(QuestionnaireSerializer(row).data)


class AnswerChangeSerializer(serializers.Serializer[Any]):
    """One save of one answer."""

    question = serializers.CharField()
    version = serializers.IntegerField(help_text=gettext_lazy("Of the assessment, once it was saved."))
    at = serializers.DateTimeField(source="updated_at")
    by = serializers.CharField(allow_blank=True, help_text=gettext_lazy("The person, or who was invited."))
    origin = serializers.ChoiceField(AnswerOrigin.choices)
    note = serializers.CharField(source="origin_note", allow_blank=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class AnswerChangePageSerializer(PageSerializer):
    results = AnswerChangeSerializer(many=True)


def changes_told(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names, guests = names_of(rows)
    found = []
    for row in rows:
        before, after = values_of(row)
        by = names.get(row["updated_by_id"]) or guests.get(row["guest_id"], "")
        found.append(dict(AnswerChangeSerializer({**row, "by": by, "before": before, "after": after}).data))
    return found


ADD = OpenApiExample(
    "add",
    value={"added": {"efvp": "Le comité la souhaite."}},
    request_only=True,
)
