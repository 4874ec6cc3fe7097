"""Reading what programs send: JSON objects in UTF-8, not too large, not too deep; and writing JSON back."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.rest.problems import Problem

LARGEST = 1024 * 1024
DEEPEST = 20


class JsonParser(BaseParser):
    """One object; no NaN, no half of a character, no name twice."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        content = _read(stream, parser_context)
        try:
            parsed = json.loads(content.decode(), parse_constant=_refuse, object_pairs_hook=_without_twins)
            json.dumps(parsed, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The request is not JSON in UTF-8.")) from error
        if not isinstance(parsed, dict):
            raise ParseError(_("Send one JSON object: {…}."))
        if _depth(parsed) > DEEPEST:
            raise ParseError(_("The request has too many levels."))
        return parsed


def _read(stream: IO[Any], context: Mapping[str, Any] | None) -> bytes:
    request = (context or {}).get("request")
    told = request.META.get("CONTENT_LENGTH", "") if request is not None else ""
    if told and told.isdigit() and int(told) > LARGEST:
        raise Problem("too-large")
    content: bytes = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Problem("too-large")
    return content


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same name twice")
    return found


def _depth(value: Any) -> int:
    """Levels of objects and lists. `json` itself stops before the interpreter does."""
    level, depth = [value], 0
    while level:
        depth += 1
        level = [inner for one in level for inner in _inside(one)]
    return depth


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
