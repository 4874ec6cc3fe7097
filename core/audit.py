"""Writing the ledger: one event per act, in the transaction of the act."""

import hashlib
import json
import secrets
from typing import Any

from django.db import connection, models

from core import clock
from core.models import AuditEvent
from core.models.actor import Actor, HasUuid, NamedJob, Visitor, current_request_id

__all__ = ["Actor", "HasUuid", "NamedJob", "Visitor", "commitment", "record"]


def record(
    *,
    by: Actor,
    verb: str,
    thing: models.Model,
    organization: HasUuid | None = None,
    facts: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one event. `facts` holds codes, counts and digests: never a name, an address or a text somebody wrote."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"The event «{verb}» must be written in the transaction of the act it tells.")
    event = AuditEvent(
        at=clock.now(),
        actor_kind=by.actor_kind,
        actor_ref=by.actor_ref,
        verb=verb,
        object_type=thing._meta.label_lower,
        object_ref=str(getattr(thing, "uuid", thing.pk)),
        organization_uuid=organization.uuid if organization else None,
        facts=facts or {},
        salt=secrets.token_bytes(16),
        request_id=current_request_id(),
    )
    event.commitment = commitment(event)
    event.save(force_insert=True)
    return event


def commitment(event: AuditEvent) -> bytes:
    """SHA-256 of the salt and of the event in canonical JSON: what a verifier recomputes."""
    told = {
        "at": event.at.isoformat(),
        "actor": [str(event.actor_kind), event.actor_ref],
        "verb": event.verb,
        "object": [event.object_type, event.object_ref],
        "organization": str(event.organization_uuid or ""),
        "facts": event.facts,
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes(event.salt) + canonical.encode()).digest()
