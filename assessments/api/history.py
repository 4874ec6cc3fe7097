"""What became of each answer."""

from typing import ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, asked_question, assessment_in_scope
from assessments.serializers import api_screening as shapes
from assessments.serializers.history import answer_events
from core.rest.paging import as_page, page_asked
from core.rest.schema import NOT_MODIFIED, PAGES, READING, answers, refusals
from organizations.authentication.staff import StaffView

QUESTION = OpenApiParameter("question", {"type": "string"}, description=_("Id of one question: its past."))


class History(StaffView):
    asked: ClassVar = [QUESTION, *PAGES]
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="list_answer_changes",
        summary=_("Read the history of the answers"),
        description=_("Every save, the latest first: who, when, what was there before and after."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.AnswerChangePageSerializer, _("One page of changes."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        number, size = page_asked(request)
        found = assessment_in_scope(request, assessment)
        code = asked_question(request, found)
        page = Paginator(answer_events(found, code), size).get_page(number)
        return Response(as_page(page, number, shapes.changes_told(list(page.object_list))))
