"""What a person decides, signed in: no token does it for them."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import TAGS, assessment_in_scope, screening_in_scope
from assessments.api.answering import changed, whole
from assessments.api.screening import result_now
from assessments.api.steps import CHANGE, NOW, REFUSED
from assessments.serializers import api as shapes
from assessments.serializers import api_screening
from assessments.services.programs import sign_concluded
from assessments.services.submitting import accept_risk, decide_assessment
from core.rest.schema import answers
from organizations.authentication.staff import StaffView

BY_HAND = frozenset({"POST"})


class Decide(StaffView):
    by_hand: ClassVar = BY_HAND

    @extend_schema(
        operation_id="decide_assessment",
        summary=_("Decide on a submission"),
        description=_(
            "Approves what was submitted, or sends it back. A person does, signed in: no token. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.DecisionSerializer,
        examples=[shapes.APPROVE],
        responses=NOW | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = assessment_in_scope(request, assessment)
        return whole(changed(request, found, decide_assessment, shapes.DecisionSerializer, comment=""))


class Accept(StaffView):
    by_hand: ClassVar = BY_HAND

    @extend_schema(
        operation_id="accept_risk",
        summary=_("Accept a risk that remains critical"),
        description=_(
            "In writing, by the highest authority of the body, before the approval. A person does, signed in: no "
            "token. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.AcceptanceSerializer,
        responses=NOW | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = assessment_in_scope(request, assessment)
        changed(request, found, accept_risk, shapes.AcceptanceSerializer)
        return whole(found)


class Sign(StaffView):
    by_hand: ClassVar = BY_HAND

    @extend_schema(
        operation_id="sign_screening",
        summary=_("Sign a screening"),
        description=_(
            "The privacy officer signs that an assessment is not required. A person does, signed in: no token. "
            "If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=api_screening.SignSerializer,
        responses=answers(api_screening.ScreeningResultSerializer, _("The screening, signed.")) | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = screening_in_scope(request, assessment)
        changed(request, found, sign_concluded, api_screening.SignSerializer, note="")
        return result_now(found)
