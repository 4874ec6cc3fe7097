"""From the draft to the submission: how deep it goes, handing it in, taking it back, leaving it."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import TAGS, WRITE, assessment_in_scope, writable_assessment
from assessments.api.answering import changed, whole
from assessments.models import Assessment, Submission
from assessments.serializers import api as shapes
from assessments.services.facts import reading_of
from assessments.services.programs import choose_depth_version
from assessments.services.saving import check_open
from assessments.services.submitting import decide_assessment, submit_assessment, withdraw_assessment
from core.rest.conditions import expected_version
from core.rest.problems import Problem
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from core.services import check_unchanged
from organizations.authentication.staff import StaffView, person

CHANGE = [IDEMPOTENCY_KEY, IF_MATCH, ETAG]
REFUSED = refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed")
NOW = answers(shapes.AssessmentSerializer, _("The assessment as it stands now."))


class DepthView(StaffView):
    scopes: ClassVar = {"PUT": WRITE}

    @extend_schema(
        operation_id="choose_depth",
        summary=_("Choose the depth"),
        description=_(
            "How many questions are asked: never under the floor, which the answers set. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.DepthChoiceSerializer,
        examples=[shapes.SHORT],
        responses=NOW | REFUSED,
    )
    def put(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)

        def choose() -> Assessment:
            version = expected_version(request, found.version)
            given = {"reason": "", **what_is_sent(shapes.DepthChoiceSerializer, request)}
            return choose_depth_version(assessment=found, version=version, by=person(request), **given)

        return whole(once(request, choose))


class Submit(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="submit_assessment",
        summary=_("Submit an assessment"),
        description=_(
            "Freezes the answers that count and asks the body for its decision, which no token gives. While something "
            "is missing, each thing is told by its place. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request=shapes.NothingSerializer,
        responses=answers(shapes.SubmissionSerializer, _("What was submitted."), 201) | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)

        def submit() -> Submission:
            version = expected_version(request, found.version)
            what_is_sent(shapes.NothingSerializer, request)
            _check_complete(found, version)
            return submit_assessment(assessment=found, version=version, by=person(request))

        return Response(shapes.SubmissionSerializer(once(request, submit)).data, status=201)


def _check_complete(assessment: Assessment, version: int) -> None:
    """Everything that is missing, where the service names the first."""
    check_open(assessment)
    check_unchanged(assessment, version)
    if errors := list(shapes.waiting(reading_of(assessment))):
        raise Problem("invalid", errors[0]["detail"], errors=errors)


class TakeBack(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="take_back_assessment",
        summary=_("Take a submission back"),
        description=_("By whoever submitted it, before it is decided: a draft again. If-Match is mandatory."),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.NothingSerializer,
        responses=NOW | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = assessment_in_scope(request, assessment)
        taken_back = {"move": "withdraw", "comment": ""}
        return whole(changed(request, found, decide_assessment, shapes.NothingSerializer, **taken_back))


class Withdraw(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="withdraw_assessment",
        summary=_("Leave a draft for good"),
        description=_("It stays in the list of its system, with the reason. If-Match is mandatory."),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.ReasonSerializer,
        examples=[shapes.LEAVE],
        responses=NOW | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)
        return whole(changed(request, found, withdraw_assessment, shapes.ReasonSerializer))
