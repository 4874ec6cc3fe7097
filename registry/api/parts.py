"""Rows of a system (data sets, hosting sites, recourses…): listed, added, read, corrected, removed."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import expected_version
from core.rest.paging import as_page, page_asked
from core.rest.problems import Problem
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person
from organizations.workflow import Scope
from registry.api.access import editable_system, system_in_scope
from registry.field_catalogue import CATALOGUE, Part
from registry.forms.programs import checked_row
from registry.models import AISystem, SystemPart
from registry.models.parts import PART_MODELS
from registry.serializers import api_parts as shapes
from registry.services.parts import add_part
from registry.services.programs import remove_row_version, save_row_version

TAGS = ["systems"]
READ, WRITE = Scope.READ_SYSTEMS, Scope.WRITE_SYSTEMS
PART = OpenApiParameter(
    "part", {"type": "string", "enum": shapes.PARTS}, OpenApiParameter.PATH, description=shapes.part_told()
)
REMOVED = {204: OpenApiResponse(description=gettext_lazy("The row is gone; history keeps what it said."))}


class Rows(StaffView):
    asked: ClassVar = PAGES
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_rows",
        summary=gettext_lazy("List the rows of one part"),
        description=gettext_lazy("Data sets, hosting sites, recourses… of a system, every answer of each."),
        tags=TAGS,
        parameters=[PART, *asked, *READING],
        responses=answers(shapes.RowPageSerializer, gettext_lazy("One page of rows."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, uuid: UUID, part: str) -> Response:
        number, size = page_asked(request)
        rows = _rows(system_in_scope(request, uuid), _shape(part))
        page = Paginator(rows, size).get_page(number)
        return Response(as_page(page, number, list(shapes.RowSerializer(page.object_list, many=True).data)))

    @extend_schema(
        operation_id="add_row",
        summary=gettext_lazy("Add a row"),
        description=gettext_lazy(
            "The row is sent whole: what it cannot do without must be there. The fields of each part are in “x-rows”, "
            "and on the page of the API. A code said twice in a list counts once."
        ),
        tags=TAGS,
        parameters=[PART, IDEMPOTENCY_KEY, ETAG],
        request=shapes.RowSentSerializer,
        examples=[shapes.NEW_ROW],
        extensions={"x-rows": shapes.ROW_SHAPES},
        responses=answers(shapes.RowSerializer, gettext_lazy("The row."), 201)
        | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, uuid: UUID, part: str) -> Response:
        system, shape = editable_system(request, uuid), _shape(part)

        def add() -> SystemPart:
            given = what_is_sent(shapes.RowSentSerializer, request, part=shape)
            typed = checked_row(system, shape, given["answers"])
            return add_part(system=system, part=part, answers=typed, by=person(request))

        return _answer(once(request, add), status=201)


class RowView(StaffView):
    scopes: ClassVar = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="read_row",
        summary=gettext_lazy("Read a row"),
        description=gettext_lazy("Every answer of the row, with the ETag to change it."),
        tags=TAGS,
        parameters=[PART, *READING],
        responses=answers(shapes.RowSerializer, gettext_lazy("The row."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, uuid: UUID, part: str, row: UUID) -> Response:
        return _answer(_row(system_in_scope(request, uuid), _shape(part), row))

    @extend_schema(
        operation_id="change_row",
        summary=gettext_lazy("Change a row"),
        description=gettext_lazy(
            "Only the answers that are sent change. If-Match is mandatory: when somebody changed the row since, "
            "nothing is written and each field that differs is told with both values. Sent twice, the second "
            "changes nothing."
        ),
        tags=TAGS,
        parameters=[PART, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.RowSentSerializer,
        examples=[shapes.ROW_CHANGES],
        responses=answers(shapes.RowSerializer, gettext_lazy("The row as it stands now."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def patch(self, request: Request, uuid: UUID, part: str, row: UUID) -> Response:
        system, shape = editable_system(request, uuid), _shape(part)

        def save() -> SystemPart:
            found = _row(system, shape, row)
            version = expected_version(request, found.version)
            given = what_is_sent(shapes.RowSentSerializer, request, part=shape)
            typed = checked_row(system, shape, given["answers"], found)
            return save_row_version(row=found, part=part, answers=typed, version=version, by=person(request))

        return _answer(once(request, save))

    @extend_schema(
        operation_id="remove_row",
        summary=gettext_lazy("Remove a row"),
        description=gettext_lazy(
            "If-Match is mandatory. History keeps what the row said. The measures of a benefit leave with it."
        ),
        tags=TAGS,
        parameters=[PART, IDEMPOTENCY_KEY, IF_MATCH],
        responses=REMOVED
        | refusals(
            *("malformed", "signed-out", "forbidden", "narrow-token", "too-large", "media-type"),
            *("not-found", "not-now", "stale", "key-reused", "condition-needed"),
        ),
    )
    def delete(self, request: Request, uuid: UUID, part: str, row: UUID) -> Response:
        system, shape = editable_system(request, uuid), _shape(part)

        def remove() -> AISystem:
            found = _row(system, shape, row)
            version = expected_version(request, found.version)
            remove_row_version(row=found, part=part, version=version, by=person(request))
            return system

        once(request, remove)
        return Response(status=204)


def _shape(code: str) -> Part:
    if code not in PART_MODELS:
        raise Problem("not-found", _("The parts of a system are: %(codes)s.") % {"codes": ", ".join(shapes.PARTS)})
    return CATALOGUE.part(code)


def _rows(system: AISystem, shape: Part) -> Any:
    """With what they name, so that a list asks once."""
    named = [field.code for field in shape.fields if field.kind == "row"]
    rows = PART_MODELS[shape.code]._default_manager.filter(system=system)
    return rows.select_related(*named) if named else rows


def _row(system: AISystem, shape: Part, uuid: UUID) -> SystemPart:
    found: SystemPart = get_object_or_404(_rows(system, shape), uuid=uuid)
    return found


def _answer(row: SystemPart, *, status: int = 200) -> Response:
    return Response(shapes.RowSerializer(row).data, status=status, headers={"ETag": f'"{row.version}"'})
