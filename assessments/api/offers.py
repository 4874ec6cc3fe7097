"""Answers that Vigie knows already: read, and taken for the questions that a program names."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, assessment_in_scope, writable_assessment
from assessments.api.answering import changed, whole
from assessments.api.steps import CHANGE, NOW, REFUSED
from assessments.serializers import api_offers as shapes
from assessments.services.facts import reading_of
from assessments.services.prefill import accept_every_offer, offers
from core.rest.schema import NOT_MODIFIED, READING, answers, refusals
from organizations.authentication.staff import StaffView


class Offers(StaffView):
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_offers",
        summary=_("Read what is offered"),
        description=_(
            "What the record, the body and other assessments of the system say already, for the questions that are "
            "asked and not answered. Nothing once the assessment is submitted."
        ),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.OffersSerializer, _("What is offered now."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        found = assessment_in_scope(request, assessment)
        reading = reading_of(found)
        offered = offers(found, reading, reading.asked) if found.is_open else {}
        told = shapes.offers_told(found, offered.values())
        return Response(told, headers={"ETag": f'"{found.version}"'})

    @extend_schema(
        operation_id="accept_offers",
        summary=_("Take what is offered"),
        description=_(
            "For these questions, all of them or none. Each answer keeps where it comes from. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.AcceptedSerializer,
        examples=[shapes.ACCEPT],
        responses=NOW | REFUSED,
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)
        return whole(changed(request, found, accept_every_offer, shapes.AcceptedSerializer))
