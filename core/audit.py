"""Writing the ledger: one event per act, in the transaction of the act."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from core import clock
from core.models import AuditEvent
from core.models.actor import Actor, Guest, HasUuid, NamedJob, Visitor, current_request_id

__all__ = ["Actor", "Guest", "HasUuid", "NamedJob", "Visitor", "commitment", "record", "record_many"]


def record(
    *,
    by: Actor,
    verb: str,
    thing: models.Model,
    organization: HasUuid | None = None,
    facts: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one event. `facts` holds codes, counts and digests: never a name, an address or a text somebody wrote."""
    event = _event(by, verb, thing, organization, facts)
    event.save(force_insert=True)
    return event


def record_many(
    *, by: Actor, verb: str, things: Iterable[tuple[models.Model, dict[str, Any]]], organization: HasUuid | None = None
) -> None:
    """One event for each thing, as `record` would add them: an act done to five hundred systems is told of each."""
    AuditEvent.objects.bulk_create([_event(by, verb, thing, organization, facts) for thing, facts in things])


def _event(
    by: Actor, verb: str, thing: models.Model, organization: HasUuid | None, facts: dict[str, Any] | None
) -> AuditEvent:
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
