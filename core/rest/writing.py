"""What every write of the API of staff shares: the members that were sent, the key that makes it happen once."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.models.actor import Actor
from core.rest.problems import Problem
from core.services import answered_once

Made = TypeVar("Made", bound=models.Model)
LONGEST_KEY = 255
# Of every writing operation.
REFUSALS = ("malformed", "signed-out", "forbidden", "narrow-token", "too-large", "media-type", "invalid")


def what_is_sent(shape: Any, request: Request, **options: Any) -> dict[str, Any]:
    """The members of the request, as `shape` reads them."""
    serializer = shape(data=request.data, **options)
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def once(request: Request, act: Callable[[], Made]) -> Made:
    """Run `act`, the whole of a write; with an Idempotency-Key, once. Every write of this API comes through here.

    What may stand in the way of a write is asked inside `act`: the version of If-Match, the row of the address, the
    answers as they are stored. A program that lost the first answer gets it again, though all of these changed since,
    by its own write to begin with. Only whether this person may write is asked before.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Problem("malformed", _("Idempotency-Key has from 1 to %(most)d characters.") % {"most": LONGEST_KEY})
    return answered_once(key=key, fingerprint=_fingerprint(request), by=cast(Actor, request.user), act=act)


def _fingerprint(request: Request) -> str:
    told: Any = [request.method, request.path, request.data]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=_of_file).encode()).hexdigest()


def _of_file(sent: Any) -> list[str]:
    """A file that was sent: the same again has the same name and the same content."""
    digest = hashlib.sha256()
    for piece in sent.chunks():
        digest.update(piece)
    sent.seek(0)
    return [str(sent.name), digest.hexdigest()]
