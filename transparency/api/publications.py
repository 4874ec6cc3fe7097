"""Published systems: searched, read, and each of their versions."""

from typing import ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import fresh
from core.rest.paging import as_page, page_asked
from core.rest.problems import Problem
from core.rest.schema import NOT_MODIFIED, PAGES, READING, answers, refusals
from organizations.public import public_bodies
from registry.public.sheet import Sheet, find_sheet, history_of
from registry.public.site import find_systems
from transparency.api.view import SECONDS_KEPT, PublicView
from transparency.filters import SYSTEM_PARAMETERS, read_search
from transparency.serializers import publications as shapes

TAGS = ["publications"]


class Publications(PublicView):
    asked: ClassVar = [*SYSTEM_PARAMETERS, *PAGES]

    @extend_schema(
        operation_id="list_publications",
        summary=_("Search published systems"),
        description=_("What the public site lists: withdrawn sheets are in no list."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.CardPageSerializer, _("One page of systems.")) | NOT_MODIFIED | refusals("not-found"),
    )
    def get(self, request: Request) -> Response:
        search = read_search(request.query_params, slugs=_known_slugs)
        number, size = page_asked(request)
        page = find_systems(search, page=number, size=size)
        rows = shapes.CardSerializer(page.object_list, many=True).data
        is_demonstration = any(card.is_demonstration for card in page)
        return fresh(request, as_page(page, number, list(rows), is_demonstration=is_demonstration), seconds=60)


def _known_slugs() -> list[str]:
    return [slug for body in public_bodies() for slug in body.slugs]


class PublicationView(PublicView):
    @extend_schema(
        operation_id="read_publication",
        summary=_("Read a published system"),
        description=_("The version shown now. Of a withdrawn sheet, the version that says so and why."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.PublicationSerializer, _("The document and its digest."))
        | NOT_MODIFIED
        | refusals("not-found"),
    )
    def get(self, request: Request, reference: str) -> Response:
        return _answer(request, _found(find_sheet(reference)))


class Versions(PublicView):
    @extend_schema(
        operation_id="list_versions",
        summary=_("List the versions of a system"),
        description=_("Every public version, latest first, with the note that says what changed."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.HistorySerializer, _("The history.")) | NOT_MODIFIED | refusals("not-found"),
    )
    def get(self, request: Request, reference: str) -> Response:
        sheet = _found(find_sheet(reference))
        return fresh(request, shapes.history(sheet, history_of(sheet)), seconds=SECONDS_KEPT)


class VersionView(PublicView):
    @extend_schema(
        operation_id="read_version",
        summary=_("Read one version of a system"),
        description=_("It never changes. Of a withdrawn sheet, only the version that says so is told."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.PublicationSerializer, _("The document and its digest."))
        | NOT_MODIFIED
        | refusals("not-found", "gone"),
    )
    def get(self, request: Request, reference: str, number: int) -> Response:
        sheet = _found(find_sheet(reference, number))
        if not sheet.is_readable:
            raise Problem("gone", number=sheet.version.number, digest=sheet.version.digest)
        return _answer(request, sheet)


def _found(sheet: Sheet | None) -> Sheet:
    if sheet is None:
        raise Http404
    return sheet


def _answer(request: Request, sheet: Sheet) -> Response:
    # The ground of a withheld system is told in the reader's language: its document alone never changes.
    digest = "" if sheet.is_withheld else sheet.version.digest
    return fresh(request, shapes.publication(sheet), digest=digest, seconds=SECONDS_KEPT)
