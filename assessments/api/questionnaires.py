"""Questionnaires as they were released: which there are, what each asks."""

from typing import ClassVar

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS
from assessments.models import QuestionnaireVersion
from assessments.serializers import api_screening as shapes
from core.rest.paging import as_page, page_asked
from core.rest.schema import NOT_MODIFIED, PAGES, READING, answers, refusals
from organizations.authentication.staff import StaffView


class Questionnaires(StaffView):
    asked: ClassVar = PAGES
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="list_questionnaires",
        summary=_("List the questionnaires"),
        description=_("Every version of every instrument, the latest of each first. A released version never changes."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.QuestionnairePageSerializer, _("One page of versions."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request) -> Response:
        number, size = page_asked(request)
        rows = QuestionnaireVersion.objects.defer("content").order_by("instrument", "-issued_on", "-pk")
        page = Paginator(rows, size).get_page(number)
        return Response(
            as_page(page, number, list(shapes.QuestionnaireRowSerializer(page.object_list, many=True).data))
        )


class QuestionnaireView(StaffView):
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="read_questionnaire",
        summary=_("Read a questionnaire"),
        description=_("Its sections, questions, options and rules, in French and in English, as they were released."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.QuestionnaireSerializer, _("The whole version."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, instrument: str, questionnaire: str) -> Response:
        row = get_object_or_404(QuestionnaireVersion, instrument=instrument, version=questionnaire)
        return Response(shapes.questionnaire_told(row))
