"""The description of the API in OpenAPI 3.1, in the reader's language."""

import json
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.rest.paging import LARGEST_SIZE, LAST_PAGE, SIZE
from core.rest.problems import BY_CODE, MEDIA_TYPE, body_of
from core.text import reader_language

# Whatever is asked for may be refused so.
ALWAYS = ("invalid-query", "not-json", "too-often")


class FieldErrorSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True, help_text=_("The field, with its path; empty: the whole request."))
    detail = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of this name
    stored = serializers.JSONField(help_text=_("What is stored now."))
    sent = serializers.JSONField(help_text=_("What this request holds."))


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text=_("Address of its explanation; the part after # names the kind."))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text=_("One sentence in the reader's language."))
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # as RFC 9457 has it
    conflicts = ConflictSerializer(many=True, required=False)
    allowed = serializers.ListField(child=serializers.CharField(), required=False)
    parameter = serializers.CharField(required=False)
    scope = serializers.CharField(required=False)
    existing = serializers.CharField(required=False, help_text=_("Identifier of what is there already."))
    current = serializers.CharField(required=False, help_text=_("The ETag of what is stored now."))


def refusals(*codes: str) -> dict[tuple[int, str], OpenApiResponse]:
    """The problems that an operation may answer, by status: several kinds may share one."""
    by_status: dict[int, list[str]] = {}
    for code in (*codes, *ALWAYS):
        by_status.setdefault(BY_CODE[code].status, []).append(code)
    return {(status, MEDIA_TYPE): _refusal(found) for status, found in sorted(by_status.items())}


def _refusal(codes: list[str]) -> OpenApiResponse:
    examples = [
        OpenApiExample(code, value=body_of(BY_CODE[code]), summary=BY_CODE[code].title, media_type=MEDIA_TYPE)
        for code in codes
    ]
    return OpenApiResponse(ProblemSerializer, description=BY_CODE[codes[0]].title, examples=examples)


def answers(serializer: Any, description: Any, status: int = 200) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, "application/json"): OpenApiResponse(serializer, description=description)}


NOT_MODIFIED = {304: OpenApiResponse(description=_("The reader has it already."))}
PAGES = [
    OpenApiParameter(
        "page",
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
        description=_("Number of the page."),
    ),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": SIZE},
        description=_("Rows in each page."),
    ),
]
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description=_("The ETag that the reader has.")
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=_("The ETag of the version that the change is based on; *: whichever is there."),
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description=_("What was answered; of what one may change, its version first."),
)
# Of every address that is read.
READING = [IF_NONE_MATCH, ETAG]
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description=_("Drawn by the caller for this request: sent again with it, the second answer is the first one."),
)


def description() -> dict[str, Any]:
    """The whole description, in the language of the reader."""
    return _in_language(reader_language())


@cache
def _in_language(language: str) -> dict[str, Any]:
    """Made once for each language: what it says changes with the program only."""
    with translation.override(language):
        made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        told: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(made))
    return told
