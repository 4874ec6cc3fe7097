"""Assessments made outside Vigie: deposited, read, handed out, withdrawn, gone on with here."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, named_system
from assessments.api.answering import whole
from assessments.api.steps import CHANGE, REFUSED
from assessments.models import Assessment, DepositedAssessment
from assessments.serializers import api as assessment_shapes
from assessments.serializers import api_deposits as shapes
from assessments.serializers.api import NothingSerializer
from assessments.services.deposits import deposit_assessment, hand_out_deposit, open_as_draft
from assessments.services.programs import withdraw_deposit_version
from core.rest.conditions import expected_version
from core.rest.downloads import HANDED_OUT, WhateverIsAccepted, handed_out
from core.rest.paging import as_page, page_asked
from core.rest.parsing import FormParser
from core.rest.problems import Problem
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person

SYSTEM = OpenApiParameter(
    "system", {"type": "string", "format": "uuid"}, description=gettext_lazy("Identifier of the system.")
)


class Deposits(StaffView):
    asked: ClassVar = [SYSTEM, *PAGES]
    scopes: ClassVar = {"GET": READ, "POST": WRITE}
    parser_classes = [FormParser]

    @extend_schema(
        operation_id="list_deposits",
        summary=gettext_lazy("List the assessments made outside Vigie"),
        description=gettext_lazy("Those that were withdrawn too, in the bodies where the person reads drafts."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.DepositPageSerializer, gettext_lazy("One page of deposits."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request) -> Response:
        number, size = page_asked(request)
        rows = _seen(request)
        if (asked := request.query_params.get("system")) is not None:
            rows = rows.filter(system__uuid=_identifier(asked))
        page = Paginator(rows.order_by("-done_on", "-pk"), size).get_page(number)
        return Response(as_page(page, number, list(shapes.DepositSerializer(page.object_list, many=True).data)))

    @extend_schema(
        operation_id="deposit_assessment",
        summary=gettext_lazy("Deposit an assessment made outside Vigie"),
        description=gettext_lazy(
            "A form in multipart/form-data: the document, when it was done, who approved it, what it concluded. It "
            "counts for the system as one that is made here."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request={"multipart/form-data": shapes.DepositSentSerializer},
        responses=answers(shapes.DepositSerializer, gettext_lazy("What was deposited."), 201)
        | refusals(*REFUSALS, "not-now", "key-reused"),
    )
    def post(self, request: Request) -> Response:
        given = what_is_sent(shapes.DepositSentSerializer, request)
        system, file = named_system(request, given.pop("system")), given.pop("file")

        def deposit() -> DepositedAssessment:
            # A larger one is not read: the service says so by its size.
            content = file.read(settings.UPLOAD_LIMIT + 1)
            return deposit_assessment(system=system, content=content, name=file.name, by=person(request), **given)

        return _answer(once(request, deposit), status=201)


class DepositView(StaffView):
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="read_deposit",
        summary=gettext_lazy("Read an assessment made outside Vigie"),
        description=gettext_lazy("What it says, and the digest of its file, which has an address of its own."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.DepositSerializer, gettext_lazy("What was deposited."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, deposit: UUID) -> Response:
        return _answer(get_object_or_404(_seen(request), uuid=deposit))


class DepositFile(StaffView):
    scopes: ClassVar = {"GET": READ}
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="download_deposit",
        summary=gettext_lazy("Take the file of what was deposited"),
        description=gettext_lazy(
            "The document itself, of what was withdrawn too. Who took it is in the ledger. The ETag is its SHA-256."
        ),
        tags=TAGS,
        parameters=READING,
        responses=HANDED_OUT,
    )
    def get(self, request: Request, deposit: UUID) -> Response | HttpResponseBase:
        found = get_object_or_404(_seen(request), uuid=deposit)
        return handed_out(request, found.file, lambda: hand_out_deposit(deposit=found, by=person(request)))


class WithdrawDeposit(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="withdraw_deposit",
        summary=gettext_lazy("Withdraw what was deposited"),
        description=gettext_lazy("A mistake: it counts no more, and stays with its reason. If-Match is mandatory."),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.WithdrawSerializer,
        examples=[shapes.MISTAKE],
        responses=answers(shapes.DepositSerializer, gettext_lazy("What was deposited.")) | REFUSED,
    )
    def post(self, request: Request, deposit: UUID) -> Response:
        found = get_object_or_404(_seen(request), uuid=deposit)

        def withdraw() -> DepositedAssessment:
            version = expected_version(request, found.version)
            given = what_is_sent(shapes.WithdrawSerializer, request)
            return withdraw_deposit_version(deposit=found, version=version, by=person(request), **given)

        return _answer(once(request, withdraw))


class OpenDeposit(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="open_deposit",
        summary=gettext_lazy("Go on with a deposited assessment"),
        description=gettext_lazy("Begins the same assessment here, with what the deposit says of it."),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=NothingSerializer,
        responses=answers(assessment_shapes.AssessmentSerializer, gettext_lazy("The draft."), 201)
        | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, deposit: UUID) -> Response:
        found = get_object_or_404(_seen(request), uuid=deposit)

        def begin() -> Assessment:
            what_is_sent(NothingSerializer, request)
            return open_as_draft(deposit=found, by=person(request))

        return whole(once(request, begin), status=201)


def _seen(request: Request) -> Any:
    seen = DepositedAssessment.objects.visible_to(person(request))
    return seen.select_related("system", "system__organization", "organization", "file")


def _identifier(asked: str) -> UUID:
    try:
        return UUID(asked)
    except ValueError as error:
        told = _("Send the identifier as it was answered: “uuid”.")
        raise Problem("invalid-query", told, parameter="system") from error


def _answer(deposit: DepositedAssessment, *, status: int = 200) -> Response:
    told = shapes.DepositSerializer(deposit).data
    return Response(told, status=status, headers={"ETag": f'"{deposit.version}"'})
