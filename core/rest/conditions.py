"""What is still fresh, and what may still be changed: ETag, If-None-Match, If-Match."""

import hashlib
from typing import Any

from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.problems import Problem


def fresh(request: Request, data: Any, *, digest: str = "", seconds: int) -> Response:
    """A public answer that caches may keep so long; 304 when the reader has it. `digest`: of what never changes,
    else that of the answer itself.
    """
    tag = f'"{digest or _digest_of(data)}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    has_it = "*" in known or tag in {one.removeprefix("W/") for one in known}
    response = Response(status=304) if has_it else Response(data)
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def _digest_of(data: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(data)).hexdigest()


def expected_version(request: Request, current: int) -> int:
    """The version that the caller read. 428 without If-Match; a tag that is no version of ours is older than all."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem("condition-needed")
    tags = parse_etags(given)
    if "*" in tags:
        return current
    versions = [int(tag.strip('"')) for tag in tags if tag.strip('"').isascii() and tag.strip('"').isdigit()]
    versions = [version for version in versions if version <= current]
    if not tags:
        raise Problem("malformed", _('If-Match holds the ETag that you read, such as "3".'))
    return current if current in versions else max(versions, default=0)
