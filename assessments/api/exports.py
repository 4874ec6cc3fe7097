"""The files of an assessment, taken away by a program: the same as those of its pages, each told to the ledger."""

import hashlib
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, assessment_in_scope
from assessments.exports.files import MEDIA_TYPES, AssessmentFile, file_name
from assessments.exports.told import Material, material_of, material_of_submission
from assessments.services.exporting import note_export, submission_numbered
from core import clock
from core.files import made_attachment
from core.rest.conditions import is_known
from core.rest.downloads import WhateverIsAccepted
from core.rest.paging import number_asked
from core.rest.problems import Problem, unknown_value
from core.rest.schema import NOT_MODIFIED, READING, refusals
from core.services import InvalidInput
from core.text import reader_language
from organizations.authentication.staff import StaffView, person

LAST_VERSION = 99_999
FORMAT = OpenApiParameter(
    "format",
    {"type": "string", "enum": list(MEDIA_TYPES), "default": "json"},
    description=_("Of the file. Word and Excel hold the comments too."),
)
VERSION = OpenApiParameter(
    "version",
    {"type": "integer", "minimum": 1, "maximum": LAST_VERSION},
    description=_("Number of a submission: what was submitted then. Without it: as it stands."),
)
FILES = {
    (200, kind.partition(";")[0]): OpenApiResponse(
        OpenApiTypes.OBJECT if name == "json" else OpenApiTypes.BINARY, description=_("The file.")
    )
    for name, kind in MEDIA_TYPES.items()
}


class Export(StaffView):
    asked: ClassVar = [FORMAT, VERSION]
    scopes: ClassVar = {"GET": READ}
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="export_assessment",
        summary=_("Take an assessment away as a file"),
        description=_(
            "Word, HTML, Excel, CSV, or JSON of ours; the PDF takes a moment to make and is asked for at its own "
            "address, “pdf/”. Each file that is taken stands in the ledger, with its digest. The ETag is that of what "
            "the file says."
        ),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=FILES | NOT_MODIFIED | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response | HttpResponse:
        kind = _kind(request)
        file = AssessmentFile(_material(request, assessment), kind)
        tag = f'"{file.digest}"'
        if is_known(request, tag):
            return Response(status=304, headers={"ETag": tag})
        response = HttpResponse(content_type=MEDIA_TYPES[kind]) if request.method == "HEAD" else _taken(request, file)
        response["ETag"] = tag
        return response


def _taken(request: Request, file: AssessmentFile) -> HttpResponse:
    """What HEAD asks for is taken by nobody; this is, and the ledger says by whom."""
    moment, material = clock.now(), file.material
    content = file.content(moment)
    digest = hashlib.sha256(content).hexdigest()
    note_export(assessment=material.assessment, kind=file.kind, digest=digest, by=person(request))
    name = file_name(material, file.kind, language=reader_language(), moment=moment)
    return made_attachment(content, media_type=MEDIA_TYPES[file.kind], name=name)


def _kind(request: Request) -> str:
    kind = request.query_params.get("format", "json")
    if kind not in MEDIA_TYPES:
        raise unknown_value("format", kind, list(MEDIA_TYPES))
    return kind


def _material(request: Request, uuid: UUID) -> Material:
    assessment = assessment_in_scope(request, uuid)
    number = number_asked(request, "version", LAST_VERSION)
    if number is None:
        return material_of(assessment)
    try:
        return material_of_submission(submission_numbered(assessment, number), assessment)
    except InvalidInput as refusal:  # it stands in the address
        raise Problem("not-found", refusal.sentence) from refusal
