"""The PDF of an assessment asked for; any document read while it is made, and taken once it is."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Assessment
from assessments.services.exporting import submission_numbered
from core.rest.downloads import WhateverIsAccepted, handed_out
from core.rest.schema import IDEMPOTENCY_KEY, NOT_MODIFIED, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person
from organizations.workflow import Scope
from reports.models import Report
from reports.serializers import api as shapes
from reports.services import check_may_request_of, hand_out, made_file, request_assessment_report

TAGS = ["assessments"]
LOCATION = OpenApiParameter(
    "Location",
    str,
    OpenApiParameter.HEADER,
    response=[201],
    description=_("Where it is read until it is made."),
)
PDF = {(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description=_("The file."))}


class AssessmentPdf(StaffView):
    scopes: ClassVar = {"POST": Scope.WRITE_ASSESSMENTS}

    @extend_schema(
        operation_id="ask_for_assessment_pdf",
        summary=_("Ask for the PDF of an assessment"),
        description=_(
            "Its content is frozen now, and the PDF is made in the background, in a few seconds: read the document at "
            "the address of Location until its state says so. Without an Idempotency-Key, each request makes another."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request=shapes.ReportAskedSerializer,
        examples=[shapes.ASK],
        responses=answers(shapes.ReportSerializer, _("The document, which waits to be made."), 201)
        | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        seen = Assessment.objects.visible_to(person(request)).with_what_it_needs()
        found = get_object_or_404(seen, uuid=assessment)
        check_may_request_of(found, person(request))

        def ask() -> Report:
            given = what_is_sent(shapes.ReportAskedSerializer, request)
            number = given.pop("version", None)
            given["submission"] = submission_numbered(found, number) if number else None
            return request_assessment_report(assessment=found, by=person(request), **given)

        made = _seen(request, once(request, ask).uuid)
        where = reverse("reports_api:report", args=[made.uuid])
        return Response(shapes.ReportSerializer(made).data, status=201, headers={"Location": where})


class ReportView(StaffView):
    scopes: ClassVar = {"GET": Scope.READ_ASSESSMENTS}

    @extend_schema(
        operation_id="read_report",
        summary=_("Read where a document stands"),
        description=_(
            "The PDF of an assessment, or the sheet of a system that was asked for on its page: whether it waits, is "
            "ready or could not be made, and what to do."
        ),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.ReportSerializer, _("The document."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, report: UUID) -> Response:
        return Response(shapes.ReportSerializer(_seen(request, report)).data)


class ReportFile(StaffView):
    scopes: ClassVar = {"GET": Scope.READ_ASSESSMENTS}
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="download_report",
        summary=_("Take the PDF of a document"),
        description=_(
            "Once it is made; before, 409 says to ask again. Who took it is in the ledger. The ETag is its SHA-256."
        ),
        tags=TAGS,
        parameters=READING,
        responses=PDF | NOT_MODIFIED | refusals("signed-out", "narrow-token", "not-found", "not-now"),
    )
    def get(self, request: Request, report: UUID) -> Response | HttpResponseBase:
        found = _seen(request, report)
        return handed_out(request, made_file(found), lambda: hand_out(report=found, by=person(request)))


def _seen(request: Request, uuid: UUID) -> Report:
    """The document, if this person may see it; else 404, as if there were none."""
    return get_object_or_404(Report.objects.visible_to(person(request)).with_what_is_told(), uuid=uuid)
