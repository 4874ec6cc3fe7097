"""What a person decides, signed in: no token does it for them."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import TAGS, assessment_in_scope, screening_in_scope
from assessments.api.answering import whole
from assessments.api.screening import result_now
from assessments.api.steps import CHANGE, NOW, REFUSED
from assessments.models import Assessment, RiskAcceptance, ScreeningConclusion
from assessments.serializers import api as shapes
from assessments.serializers import api_screening
from assessments.services.programs import accept_version, decide_version, sign_version
from core.rest.conditions import expected_version
from core.rest.schema import answers
from core.rest.writing import once, what_is_sent
from organizations.authentication.staff import StaffView, person

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

        def decide() -> Assessment:
            version = expected_version(request, found.version)
            given = {"comment": "", **what_is_sent(shapes.DecisionSerializer, request)}
            return decide_version(assessment=found, version=version, by=person(request), **given)

        return whole(once(request, decide))


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

        def accept() -> RiskAcceptance:
            version = expected_version(request, found.version)
            given = what_is_sent(shapes.AcceptanceSerializer, request)
            return accept_version(assessment=found, version=version, by=person(request), **given)

        once(request, accept)
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

        def sign() -> ScreeningConclusion:
            version = expected_version(request, found.version)
            given = {"note": "", **what_is_sent(api_screening.SignSerializer, request)}
            return sign_version(assessment=found, version=version, by=person(request), **given)

        once(request, sign)
        return result_now(found)
