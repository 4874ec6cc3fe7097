"""What is still fresh, and what may still be changed: ETag, If-None-Match, If-Match."""

import hashlib
import re
from typing import Any

from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.problems import Problem, short

# The version that was answered, then what was answered of it: «"3-0f1e2d3c4b5a6978"». A change needs the version alone.
# No version has more digits than a column holds, and `int` refuses a text of thousands of them.
_OURS = re.compile(r'"([0-9]{1,18})(?:-[0-9a-f]{16})?"')


def fresh(request: Request, data: Any, *, digest: str = "", seconds: int) -> Response:
    """A public answer that caches may keep so long; 304 when the reader has it. `digest`: of what never changes,
    else that of the answer itself.
    """
    response = _unless_known(request, Response(data), f'"{digest or _digest_of(data)}"')
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def own(request: Request, response: Response) -> Response:
    """An answer for one person. Its ETag: the version that the view put there, if any, and a digest of the answer, for
    words, gates and bodies change without it. What is read has one always, and is not sent again to who has it (304).
    A file is answered with its own by its view.
    """
    if not isinstance(response, Response):
        return response
    version = response.headers.get("ETag", "").strip('"')
    is_read = request.method in ("GET", "HEAD")
    if response.exception or response.status_code not in (200, 201) or not (version or is_read):
        return response
    digest = _digest_of(response.data)
    tag = f'"{version}-{digest[:16]}"' if version else f'"{digest}"'
    if is_read:
        return _unless_known(request, response, tag)
    response["ETag"] = tag
    return response


def _unless_known(request: Request, response: Response, tag: str) -> Response:
    if is_known(request, tag):
        response = Response(status=304)
    response["ETag"] = tag
    return response


def is_known(request: Request, tag: str) -> bool:
    """The reader has it already."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in {one.removeprefix("W/") for one in known}


def _digest_of(data: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(data)).hexdigest()


def expected_version(request: Request, current: int) -> int:
    """The version that the caller read: a service compares it under its lock. 428 without If-Match; 412 for a tag that
    is no version of ours.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem("condition-needed")
    tags = parse_etags(given)
    if not tags:
        raise Problem("malformed", _('If-Match holds the ETag that you read, such as "3".'))
    if "*" in tags:
        return current
    if all(tag.startswith("W/") for tag in tags):
        raise Problem("weak-tag")
    versions = [int(found[1]) for found in map(_OURS.fullmatch, tags) if found]
    if not versions:
        told = _('If-Match must hold the version that was read, as its ETag gave it, such as "3": %(tag)s is none.')
        raise Problem("stale", told % {"tag": short(tags[0])}, current=f'"{current}"', conflicts=[])
    if current in versions:
        return current
    return max((version for version in versions if version < current), default=0)
