"""Private files, handed out to a program as the pages hand them out: who took one is in the ledger."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from core.files import as_attachment
from core.models import StoredFile
from core.rest.conditions import is_known
from core.rest.schema import NOT_MODIFIED, refusals
from core.services import check_stored

HANDED_OUT = (
    {(200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description=_("The file, of its own media type."))}
    | NOT_MODIFIED
    | refusals("signed-out", "narrow-token", "not-found", "not-now")
)


class WhateverIsAccepted(BaseContentNegotiation):
    """A program that downloads a file takes it as it is, whatever it says that it accepts."""

    def select_parser(self, request, parsers):  # type: ignore[no-untyped-def]
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):  # type: ignore[no-untyped-def]
        return renderers[0], renderers[0].media_type


def handed_out(request: Request, stored: StoredFile, hand_out: Callable[[], StoredFile]) -> Response | HttpResponseBase:
    """The file, its SHA-256 for ETag. `hand_out`: the service that tells the ledger; nobody takes what HEAD asks for,
    nor what the reader has already.
    """
    tag = f'"{stored.sha256}"'
    if is_known(request, tag):
        return Response(status=304, headers={"ETag": tag})
    if request.method == "HEAD":
        check_stored(stored)
        told = {"ETag": tag, "Content-Length": str(stored.size)}
        return HttpResponse(content_type=stored.media_type, headers=told)
    response = as_attachment(hand_out())
    response["ETag"] = tag
    return response
