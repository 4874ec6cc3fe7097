"""What leaves by mail: to whom, in which language, from which rows. Read again when `tasks.send_message` sends it.

The outbox holds the name of one of these functions and the identifiers of its rows. A function answers nothing when the
message has no object any more (invitation withdrawn meanwhile): it is then not sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core import outbox
from organizations.models import AccessRequest, AccessToken, Invitation, User
from organizations.services import links
from organizations.workflow import AccessRequestState, Role

# The job that sends one message.
SEND = "organizations.tasks.send_message"


@dataclass(frozen=True)
class Message:
    """One message to one person. `template` is a text: its first line is the subject."""

    to: str
    language: str
    template: str
    context: Mapping[str, Any]


def mail_folder() -> str:
    """The folder where messages are written instead of leaving, as one reads it from the program's own; empty where a
    mail server takes them.
    """
    if not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return ""
    folder = Path(settings.EMAIL_FILE_PATH)
    return str(folder.relative_to(settings.ROOT) if folder.is_relative_to(settings.ROOT) else folder)


def send_later(build: str, *, once: str = "", **refs: str) -> None:
    """Ask the outbox for the message that the function `build` of this module makes; `once`: never twice under this
    key. Other rooms ask `SEND` themselves, with a function of their own services.
    """
    path = f"{__name__}.{build}"
    outbox.ask(SEND, dedup_key=once, message=path, refs=refs)


def invitation(uuid: str) -> Message | None:
    found = Invitation.objects.select_related("organization", "invited_by").filter(uuid=uuid).first()
    if found is None or found.accepted_at or found.withdrawn_at:
        return None
    context = {
        "organization": found.organization,
        "roles": [Role(role).label for role in found.roles],
        "invited_by": str(found.invited_by),
        "expires_at": found.expires_at,
        "address": links.invitation_address(found.uuid, found.expires_at, found.language),
    }
    return Message(found.email, found.language, "organizations/email/invitation.txt", context)


def access_requested(uuid: str, to: str) -> Message | None:
    """To one person of the administration."""
    found = _request(uuid)
    reader = User.objects.filter(uuid=to, is_active=True).first()
    if found is None or reader is None or found.state != AccessRequestState.WAITING:
        return None
    address = links.absolute("organizations:access_request", reader.language, uuid=str(found.uuid))
    context = {"organization": found.organization, "person": found.user, "function": found.function, "address": address}
    return Message(reader.email, reader.language, "organizations/email/access_requested.txt", context)


def access_answered(uuid: str) -> Message | None:
    """To the person who asked."""
    found = _request(uuid)
    if found is None or found.state == AccessRequestState.WAITING:
        return None
    context = {
        "organization": found.organization,
        "is_granted": found.state == AccessRequestState.GRANTED,
        "address": links.absolute("organizations:todo", found.user.language),
    }
    return Message(found.user.email, found.user.language, "organizations/email/access_answered.txt", context)


def token_created(uuid: str) -> Message | None:
    """To the person: what could be somebody else's doing."""
    found = AccessToken.objects.select_related("user").filter(uuid=uuid).first()
    if found is None:
        return None
    address = links.absolute("account_tokens", found.user.language)
    context = {"name": found.name, "scopes": found.scope_labels, "expires_on": found.expires_on, "address": address}
    return Message(found.user.email, found.user.language, "organizations/email/token_created.txt", context)


def _request(uuid: str) -> AccessRequest | None:
    return AccessRequest.objects.select_related("organization", "user").filter(uuid=uuid).first()
