"""Public bodies, with what each has published."""

from typing import ClassVar

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import fresh
from core.rest.paging import as_page, page_asked
from core.rest.schema import NOT_MODIFIED, PAGES, READING, answers, refusals
from organizations.public import MovedTo, public_body
from registry.public.coverage import coverage, coverage_of
from registry.public.search.facets import register_counts
from registry.public.site import count_by_body
from transparency.api.view import SECONDS_KEPT, PublicView
from transparency.filters import SEARCH, searched_text
from transparency.forms import BodyFilters
from transparency.serializers import publications as shapes

TAGS = ["bodies"]


class Bodies(PublicView):
    asked: ClassVar = [SEARCH, *PAGES]

    @extend_schema(
        operation_id="list_bodies",
        summary=_("List public bodies"),
        description=_("Every body of the register, in the order of names, with the number of its published systems."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.BodyPageSerializer, _("One page of bodies.")) | NOT_MODIFIED | refusals("not-found"),
    )
    def get(self, request: Request) -> Response:
        number, size = page_asked(request)
        searched_text(request.query_params)
        found = BodyFilters(request.query_params).apply(coverage())
        page = Paginator(found, size).get_page(number)
        rows = [shapes.body(row) for row in page]
        is_demonstration = any(row.body.is_demonstration for row in page)
        answer = as_page(page, number, rows, is_demonstration=is_demonstration)
        return fresh(request, answer, seconds=SECONDS_KEPT)


class BodyView(PublicView):
    @extend_schema(
        operation_id="read_body",
        summary=_("Read a public body"),
        description=_("How to reach it, its legal regimes and its old names. An old sigle leads to the one of today."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.BodyDetailSerializer, _("The body."))
        | {301: OpenApiResponse(description=_("The body has another sigle today: see Location."))}
        | NOT_MODIFIED
        | refusals("not-found"),
    )
    def get(self, request: Request, slug: str) -> Response:
        found = public_body(slug)
        if isinstance(found, MovedTo):
            return Response(status=301, headers={"Location": reverse("public_api:body", args=[found.slug])})
        if found is None:
            raise Http404
        counts = count_by_body(register_counts())
        told = shapes.body_detail(coverage_of(found, sum(counts.get(slug, 0) for slug in found.slugs)))
        return fresh(request, told, seconds=SECONDS_KEPT)
