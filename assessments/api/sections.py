"""Who has which section of an assessment: read, entrusted; and whom one may name."""

from typing import ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, assessment_in_scope, writable_assessment
from assessments.api.answering import changed
from assessments.api.steps import CHANGE, REFUSED
from assessments.models import Assessment
from assessments.serializers import api_people as shapes
from assessments.services.assigning import entrust_named_person
from assessments.services.facts import reading_of
from core.rest.paging import as_page, page_asked
from core.rest.schema import NOT_MODIFIED, PAGES, READING, answers, refusals
from organizations.authentication.staff import StaffView
from organizations.permissions import Permission, people_who_may
from review.services import people_to_mention

SECTIONS = answers(shapes.SectionsSerializer, _("Every section."))


class Sections(StaffView):
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="list_sections",
        summary=_("Read who has which section"),
        description=_("Every section, what waits in it, to whom it is entrusted and until when."),
        tags=TAGS,
        parameters=READING,
        responses=SECTIONS | NOT_MODIFIED | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        return _told(assessment_in_scope(request, assessment))


class SectionView(StaffView):
    scopes: ClassVar = {"PUT": WRITE}

    @extend_schema(
        operation_id="entrust_section",
        summary=_("Entrust a section to a person"),
        description=_(
            "To somebody who may fill in the assessments of the body, with a day or without; they take the place of "
            "whoever had it. If-Match is mandatory, with the ETag of the assessment."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.EntrustedSerializer,
        examples=[shapes.ENTRUST],
        responses=SECTIONS | REFUSED,
    )
    def put(self, request: Request, assessment: UUID, section: str) -> Response:
        found = writable_assessment(request, assessment)
        if section not in {each.code for each in found.questionnaire.sections}:
            raise Http404
        changed(request, found, entrust_named_person, shapes.EntrustedSerializer, section=section, due_on=None)
        return _told(found)


class People(StaffView):
    asked: ClassVar = PAGES
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="list_people",
        summary=_("List the people whom one may name"),
        description=_("Those of the body who read the assessment: a comment may call them, a section be entrusted."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.NameablePageSerializer, _("One page of people."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        number, size = page_asked(request)
        body = assessment_in_scope(request, assessment).organization
        page = Paginator(people_to_mention(body).order_by("name", "pk"), size).get_page(number)
        listed = list(page.object_list)
        fill_in = people_who_may(Permission.ASSESS, body).filter(pk__in=[each.pk for each in listed])
        may = set(fill_in.values_list("pk", flat=True))
        rows = [{**shapes.PersonSerializer(each).data, "may_fill_in": each.pk in may} for each in listed]
        return Response(as_page(page, number, rows))


def _told(found: Assessment) -> Response:
    told = shapes.sections_told(found, reading_of(found))
    return Response(told, headers={"ETag": f'"{found.version}"'})
