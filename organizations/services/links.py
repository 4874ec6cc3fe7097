"""Links that open something to whoever holds them. None is stored: each is derived from the program's secret key.

An invitation keeps the digest of its link, so that sending it again makes the former link die. A first link is dated
and dies as soon as somebody operates the platform.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

INVITATION = "organizations.invitation"
FIRST = "organizations.first_link"
FIRST_LINK_LASTS = timedelta(hours=24)
LANGUAGE = re.compile(r"^/(fr|en)/")


def invitation_secret(uuid: UUID, expires_at: datetime) -> str:
    """The same invitation with the same end has the same secret, whoever computes it."""
    return signing.Signer(salt=INVITATION).signature(f"{uuid}:{int(expires_at.timestamp())}")


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_address(uuid: UUID, expires_at: datetime, language: str) -> str:
    return absolute("account_invitation", language, secret=invitation_secret(uuid, expires_at))


@dataclass(frozen=True)
class FirstLink:
    """What a first link that is still good says: for whom, when it was bound to an address."""

    email: str


def first_address(email: str = "", language: str = "fr") -> str:
    token = signing.dumps({"email": email.lower()}, salt=FIRST)
    return absolute("account_first_steps", language, token=token)


def read_first_link(token: str) -> FirstLink | None:
    """Nothing when the link was altered or is older than a day."""
    try:
        told = signing.loads(token, salt=FIRST, max_age=FIRST_LINK_LASTS)
    except signing.BadSignature:
        return None
    return FirstLink(str(told["email"]))


def in_language(address: str, language: str) -> str:
    """The page of a stored address, in the language of its reader: the first part of an address alone says it."""
    return LANGUAGE.sub(f"/{language}/", address)


def absolute(name: str, language: str, **parts: str) -> str:
    """The whole address, for a message read elsewhere, in the reader's language."""
    with translation.override(language):
        return settings.PUBLIC_URL + reverse(name, kwargs=parts)
