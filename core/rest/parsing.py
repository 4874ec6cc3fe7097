"""Reading what programs send: JSON objects in UTF-8, not too large, not too deep; a form, where a file comes."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.rest.problems import Problem, short

LARGEST = 1024 * 1024
DEEPEST = 20
# Of a whole number: more than any column holds. `int` itself refuses thousands of digits.
MOST_DIGITS = 30


class JsonParser(BaseParser):
    """One object; no NaN, no half of a character, no name twice."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        content = _read(stream, parser_context)
        parsed = _parsed(content)
        if not isinstance(parsed, dict):
            raise ParseError(_("Send one JSON object: {…}."))
        if _depth(parsed) > DEEPEST:
            raise _too_deep()
        return parsed


class FormParser(BaseParser):
    """A form with a file: each member once, the whole not much larger than a file may be."""

    media_type = MultiPartParser.media_type

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        if _told_length(parser_context) > settings.UPLOAD_LIMIT + LARGEST:
            size = number_format(settings.UPLOAD_LIMIT // 1_000_000)
            raise Problem("too-large", _("Send a file of %(size)s MB at most.") % {"size": size})
        try:
            parsed: Any = MultiPartParser().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The request is no form in multipart/form-data: check its parts.")) from error
        return _without_twins([(name, one) for part in (parsed.data, parsed.files) for name, one in _pairs(part)])


def _pairs(part: Any) -> list[tuple[str, Any]]:
    return [(name, one) for name, values in part.lists() for one in values]


def _parsed(content: bytes) -> Any:
    try:
        parsed = json.loads(
            content.decode(),
            parse_constant=_no_number,
            parse_int=_whole,
            object_pairs_hook=_without_twins,
        )
        json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise ParseError(_("The request holds characters that are not UTF-8: send it in UTF-8.")) from error
    except json.JSONDecodeError as error:
        told = _("The request is not JSON: look at line %(line)d, character %(column)d.")
        raise ParseError(told % {"line": error.lineno, "column": error.colno}) from error
    except RecursionError as error:
        raise _too_deep() from error
    return parsed


def _read(stream: IO[Any], context: Mapping[str, Any] | None) -> bytes:
    if _told_length(context) > LARGEST:
        raise Problem("too-large")
    content: bytes = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Problem("too-large")
    return content


def _told_length(context: Mapping[str, Any] | None) -> float:
    """As its header tells it. A length that is none is read up to the limit."""
    request = (context or {}).get("request")
    told = request.META.get("CONTENT_LENGTH", "") if request is not None else ""
    if not (told.isascii() and told.isdigit()):
        return 0
    return int(told) if len(told) <= MOST_DIGITS else math.inf


def _too_deep() -> ParseError:
    return ParseError(_("The request has too many levels: send %(most)d at most.") % {"most": DEEPEST})


def _no_number(constant: str) -> None:
    raise ParseError(_("“%(word)s” is no number in JSON: send a number, or null for none.") % {"word": constant})


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ParseError(
            _("The request holds a number of more than %(most)d digits: send a shorter one.") % {"most": MOST_DIGITS}
        )
    return int(digits)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            told = _("The member “%(name)s” is there twice in the same object: send it once.")
            raise ParseError(told % {"name": short(name)})
        found[name] = value
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
