"""The description of the API, and what is at no address."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import fresh
from core.rest.schema import description
from transparency.api.view import SECONDS_KEPT, PublicView


class Guide(PublicView):
    """To the documentation in the reader's language: the `type` of every problem leads here."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(status=302, headers={"Location": reverse("transparency:api")})


class OpenApi(PublicView):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return fresh(request, description(), seconds=SECONDS_KEPT)


class Nothing(PublicView):
    """Any other address of the API, whatever the method."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound
