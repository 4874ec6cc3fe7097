"""Files that support an answer: listed, joined, handed out, taken off."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, assessment_in_scope, writable_assessment
from assessments.api.steps import REFUSED
from assessments.models import Assessment, Evidence
from assessments.serializers import api_evidence as shapes
from assessments.services.evidence import add_evidence, hand_out_evidence, remove_evidence
from assessments.services.programs import beside_version
from core.rest.conditions import expected_version
from core.rest.downloads import HANDED_OUT, WhateverIsAccepted, handed_out
from core.rest.paging import as_page, page_asked
from core.rest.parsing import FormParser
from core.rest.schema import IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person


class Files(StaffView):
    asked: ClassVar = PAGES
    scopes: ClassVar = {"GET": READ, "POST": WRITE}
    parser_classes = [FormParser]

    @extend_schema(
        operation_id="list_evidence",
        summary=_("List the files of an assessment"),
        description=_("Those that are joined to its answers now. Each is handed out by its own address."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.EvidencePageSerializer, _("One page of files."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        number, size = page_asked(request)
        rows = assessment_in_scope(request, assessment).evidence.kept()
        page = Paginator(rows.select_related("file", "added_by", "guest").order_by("pk"), size).get_page(number)
        return Response(as_page(page, number, list(shapes.EvidenceSerializer(page.object_list, many=True).data)))

    @extend_schema(
        operation_id="add_evidence",
        summary=_("Join a file to an answer"),
        description=_(
            "A form in multipart/form-data, with the file. Its content is looked at: documents, images and texts, no "
            "program, no macro, no password."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": shapes.EvidenceSentSerializer},
        responses=answers(shapes.EvidenceSerializer, _("The file, joined."), 201)
        | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)

        def add() -> Evidence:
            given = what_is_sent(shapes.EvidenceSentSerializer, request)
            file = given.pop("file")
            # A larger one is not read: the service says so by its size.
            content = file.read(settings.UPLOAD_LIMIT + 1)
            return add_evidence(assessment=found, content=content, name=file.name, by=person(request), **given)

        return Response(shapes.EvidenceSerializer(once(request, add)).data, status=201)


class FileView(StaffView):
    scopes: ClassVar = {"DELETE": WRITE}

    @extend_schema(
        operation_id="remove_evidence",
        summary=_("Take a file off an answer"),
        description=_("If-Match is mandatory, with the ETag of the assessment. The history keeps the file."),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={204: OpenApiResponse(description=_("The file is off the answer."))} | REFUSED,
    )
    def delete(self, request: Request, assessment: UUID, file: UUID) -> Response:
        found = writable_assessment(request, assessment)
        evidence = _evidence(found, file)

        def remove() -> Evidence:
            version = expected_version(request, found.version)
            by = person(request)
            return beside_version(assessment=found, version=version, act=remove_evidence, evidence=evidence, by=by)

        once(request, remove)
        return Response(status=204)


class EvidenceFile(StaffView):
    scopes: ClassVar = {"GET": READ}
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="download_evidence",
        summary=_("Take a file of an assessment"),
        description=_(
            "The file itself, as it was joined; one that was taken off is still read. Who took it is in the ledger. "
            "The ETag is its SHA-256."
        ),
        tags=TAGS,
        parameters=READING,
        responses=HANDED_OUT,
    )
    def get(self, request: Request, assessment: UUID, file: UUID) -> Response | HttpResponseBase:
        evidence = _evidence(assessment_in_scope(request, assessment), file)
        return handed_out(request, evidence.file, lambda: hand_out_evidence(evidence=evidence, by=person(request)))


def _evidence(assessment: Assessment, uuid: UUID) -> Evidence:
    found = get_object_or_404(assessment.evidence.select_related("file"), uuid=uuid)
    found.assessment = assessment
    return found
