"""Assessments: listed, begun, read, filled in."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import (
    READ,
    TAGS,
    WRITE,
    assessment_in_scope,
    named_source,
    named_system,
    writable_assessment,
)
from assessments.api.answering import whole
from assessments.filters import LIST_PARAMETERS, page_of, read_filters
from assessments.forms.programs import checked_answers
from assessments.models import Assessment
from assessments.serializers import api as shapes
from assessments.services.beginning import begin_assessment
from assessments.services.programs import save_whole_answers
from core.rest.conditions import expected_version
from core.rest.paging import as_page, page_asked
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person


class Assessments(StaffView):
    asked: ClassVar = [*LIST_PARAMETERS, *PAGES]
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_assessments",
        summary=_("List the assessments that one may see"),
        description=_("Screenings too, in the bodies where the person reads drafts. Without their answers."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.AssessmentPageSerializer, _("One page of assessments."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request) -> Response:
        number, size = page_asked(request)
        seen = Assessment.objects.visible_to(person(request))
        page = page_of(read_filters(request, seen), number, size)
        rows = shapes.AssessmentRowSerializer(page.object_list, many=True).data
        return Response(as_page(page, number, list(rows)))

    @extend_schema(
        operation_id="begin_assessment",
        summary=_("Begin an assessment"),
        description=_(
            "A draft of this instrument, by its latest version: a screening, an assessment. One of each kind is open "
            "at a time for a system."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=shapes.NewAssessmentSerializer,
        examples=[shapes.NEW],
        responses=answers(shapes.AssessmentSerializer, _("The draft."), 201)
        | refusals(*REFUSALS, "not-now", "key-reused"),
    )
    def post(self, request: Request) -> Response:
        given = what_is_sent(shapes.NewAssessmentSerializer, request)
        system = named_system(request, given["system"])

        def begin() -> Assessment:
            source = named_source(request, given.get("source"))
            return begin_assessment(system=system, instrument=given["instrument"], source=source, by=person(request))

        return whole(once(request, begin), status=201)


class AssessmentView(StaffView):
    scopes: ClassVar = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="read_assessment",
        summary=_("Read an assessment"),
        description=_("Every answer as it is stored, what is asked, what is missing, with the ETag to change it."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.AssessmentSerializer, _("The assessment."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        return whole(assessment_in_scope(request, assessment))

    @extend_schema(
        operation_id="change_assessment",
        summary=_("Fill in an assessment"),
        description=_(
            "Only the answers that are sent change, each whole. If-Match is mandatory: when somebody wrote since, "
            "nothing is written and each part of an answer that differs is told with both values. One wrong value, and "
            "nothing is written. Sent twice, the second changes nothing. What was read may be sent back as it is."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.AnswersSentSerializer,
        examples=[shapes.CHANGES],
        responses=answers(shapes.AssessmentSerializer, _("The assessment as it stands now."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def patch(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)

        def save() -> Assessment:
            version = expected_version(request, found.version)
            given = what_is_sent(shapes.AnswersSentSerializer, request)
            sent = checked_answers(found, given["answers"], version=version)
            return save_whole_answers(assessment=found, answers=sent, version=version, by=person(request))

        return whole(once(request, save))
