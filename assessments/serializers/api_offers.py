"""What is offered beside the questions, as programs read it and take it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from assessments.models import Assessment
from assessments.questionnaires import Questionnaire
from assessments.scoring.leaves import whole_of
from assessments.services.prefill import Offer
from core.rest.fields import Codes, Strict, Text

MOST_QUESTIONS = 500


class OfferSerializer(serializers.Serializer[Any]):
    """An answer that Vigie knows already, for a question that has none."""

    question = serializers.CharField()
    answer = serializers.JSONField(help_text=gettext_lazy("Whole, as it would be stored."))
    words = serializers.ListField(child=serializers.CharField(), help_text=gettext_lazy("The same, as people read it."))
    origin = serializers.CharField(help_text=gettext_lazy("Where it comes from; it is kept with the answer."))


class OffersSerializer(serializers.Serializer[Any]):
    """All that is offered now."""

    version = serializers.IntegerField(help_text=gettext_lazy("Of the assessment; the ETag repeats it."))
    offers = OfferSerializer(many=True)


def offers_told(assessment: Assessment, found: Iterable[Offer]) -> dict[str, Any]:
    return {"version": assessment.version, "offers": [_offer(assessment.questionnaire, one) for one in found]}


def _offer(questionnaire: Questionnaire, offer: Offer) -> dict[str, Any]:
    whole = whole_of(questionnaire.question(offer.question), offer.leaves)
    return {"question": offer.question, "answer": whole, "words": list(offer.shown), "origin": offer.origin}


class AcceptedSerializer(Strict):
    """The questions whose offers are taken."""

    questions = Codes(
        child=Text(max_length=40),
        allow_empty=False,
        max_length=MOST_QUESTIONS,
        help_text=gettext_lazy("Ids of questions: all are taken, or none."),
    )


ACCEPT = OpenApiExample("accept", value={"questions": ["project_name", "project_summary"]}, request_only=True)
