"""Screenings: what their answers say, and concluding them. They are begun and answered as any assessment."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, screening_in_scope, writable_screening
from assessments.api.answering import changed
from assessments.api.steps import CHANGE, REFUSED
from assessments.models import Assessment, ScreeningConclusion
from assessments.serializers import api_screening as shapes
from assessments.services.facts import reading_of
from assessments.services.screening import conclude_screening
from core.rest.schema import NOT_MODIFIED, READING, answers, refusals
from organizations.authentication.staff import StaffView


class Result(StaffView):
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="read_screening_result",
        summary=_("Read what a screening says"),
        description=_(
            "Which assessments are required, recommended or not, each in a sentence, with its origin, how sure we are, "
            "and the answer that would change it. Nothing while a question waits for its answer. Once concluded: what "
            "it said then."
        ),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.ScreeningResultSerializer, _("What it says."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        return result_now(screening_in_scope(request, assessment))


class Conclude(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="conclude_screening",
        summary=_("Conclude a screening"),
        description=_(
            "Keeps what its answers say. What is added is done although nothing asks for it, each with its reason. "
            "If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.ConcludeSerializer,
        examples=[shapes.ADD],
        responses=answers(shapes.ScreeningResultSerializer, _("The screening, concluded.")) | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_screening(request, assessment)
        changed(request, found, conclude_screening, shapes.ConcludeSerializer, added={})
        return result_now(found)


def result_now(found: Assessment) -> Response:
    """With the version that the database holds: the service that concluded moved it."""
    kept = ScreeningConclusion.objects.filter(assessment=found).select_related("assessment").first()
    version = kept.assessment.version if kept else found.version
    told = shapes.result_told(version, reading_of(found), kept)
    return Response(told, headers={"ETag": f'"{version}"'})
