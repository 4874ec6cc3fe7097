"""Invited persons: who they are, one more, one less."""

from typing import ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, assessment_in_scope, writable_assessment
from assessments.api.steps import CHANGE, REFUSED
from assessments.models import GuestAccess
from assessments.serializers import api_guests as shapes
from assessments.serializers.api import NothingSerializer
from assessments.services.guests import invite_guest, withdraw_guest
from assessments.services.programs import beside_version
from core.rest.conditions import expected_version
from core.rest.paging import as_page, page_asked
from core.rest.schema import IDEMPOTENCY_KEY, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person


class Guests(StaffView):
    asked: ClassVar = PAGES
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_guests",
        summary=_("List the invited persons"),
        description=_("Whom the body invited to answer named questions, the latest first. Their links are not told."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.GuestPageSerializer, _("One page of invited persons."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        number, size = page_asked(request)
        rows = assessment_in_scope(request, assessment).guests.select_related("given_by").order_by("-pk")
        page = Paginator(rows, size).get_page(number)
        return Response(as_page(page, number, shapes.guests_told(list(page.object_list))))

    @extend_schema(
        operation_id="invite_guest",
        summary=_("Invite somebody to answer questions"),
        description=_(
            "Somebody without account, who receives a link by mail. Their answers are marked as theirs; they see "
            "nothing else of the assessment."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.InvitationSerializer,
        examples=[shapes.INVITE],
        responses=answers(shapes.InvitedSerializer, _("Who was invited, with the link."), 201)
        | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = writable_assessment(request, assessment)
        links: list[str] = []

        def invite() -> GuestAccess:
            given = what_is_sent(shapes.InvitationSerializer, request)
            guest, link = invite_guest(assessment=found, by=person(request), **given)
            links.append(link)
            return guest

        (told,) = shapes.guests_told([once(request, invite)])
        return Response({**told, "link": "".join(links)}, status=201)


class Withdraw(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="withdraw_guest",
        summary=_("Withdraw an invitation"),
        description=_(
            "The link opens nothing any more; their answers stay. If-Match is mandatory, with the ETag of the "
            "assessment."
        ),
        tags=TAGS,
        parameters=CHANGE[:2],
        request=NothingSerializer,
        responses=answers(shapes.GuestSerializer, _("Whose invitation is over.")) | REFUSED,
    )
    def post(self, request: Request, assessment: UUID, guest: UUID) -> Response:
        found = writable_assessment(request, assessment)
        invited = get_object_or_404(found.guests, uuid=guest)
        invited.assessment = found

        def withdraw() -> GuestAccess:
            version = expected_version(request, found.version)
            what_is_sent(NothingSerializer, request)
            by = person(request)
            return beside_version(assessment=found, version=version, act=withdraw_guest, guest=invited, by=by)

        (told,) = shapes.guests_told([once(request, withdraw)])
        return Response(told)
