"""Where the API begins, its description, and what is at no address."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import fresh
from core.rest.schema import NOT_MODIFIED, READING, answers, description, refusals
from transparency.api.view import SECONDS_KEPT, PublicView
from transparency.serializers.entry import EntrySerializer, entry


class Guide(PublicView):
    """To the documentation in the reader's language: the `type` of every problem leads here."""

    asked: ClassVar = None

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(status=302, headers={"Location": reverse("transparency:api")})


class Entry(PublicView):
    @extend_schema(
        operation_id="read_entry",
        summary=_("Find where to begin"),
        description=_("The address of each collection, of this description and of its page, and the licence."),
        tags=["entry"],
        parameters=READING,
        responses=answers(EntrySerializer, _("The addresses.")) | NOT_MODIFIED | refusals(),
    )
    def get(self, request: Request) -> Response:
        return fresh(request, entry(), seconds=SECONDS_KEPT)


class OpenApi(PublicView):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return fresh(request, description(), seconds=SECONDS_KEPT)


class Nothing(PublicView):
    """Any other address of the API, whatever the method."""

    schema = None
    asked: ClassVar = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound
