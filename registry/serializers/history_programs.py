"""What programs wrote in a record: history names the person, the ledger says through which of their tokens."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.models import AuditEvent
from core.models.audit import ActorKind
from organizations.models import AccessToken
from registry.models import AISystem
from registry.serializers.row_history import ROW_TYPES, Programs

# Events that tell of a saved state and are no line of their own.
CHANGED = "change_answers"
WRITTEN = (CHANGED, "add_part")


def events_of_programs(system: AISystem, rows: Iterable[str]) -> list[AuditEvent]:
    """Of the answers of the system, and of these rows of it. One query."""
    found = AuditEvent.objects.filter(
        object_type__in=[AISystem._meta.label_lower, *ROW_TYPES],
        object_ref__in=[str(system.uuid), *rows],
        actor_kind=ActorKind.TOKEN,
        verb__in=WRITTEN,
    )
    return list(found.order_by("id"))


def people_through_tokens(events: Iterable[AuditEvent]) -> dict[str, str]:
    """uuid of each token → whose it is and what it is called. No query when no program wrote."""
    uuids = {event.actor_ref for event in events if event.actor_kind == ActorKind.TOKEN}
    tokens = AccessToken.objects.filter(uuid__in=uuids).select_related("user") if uuids else ()
    told = _("%(person)s, by the token “%(name)s”")
    return {str(token.uuid): told % {"person": token.user, "name": token.name} for token in tokens}


def by_programs(events: Iterable[AuditEvent], people: Mapping[str, str]) -> Programs:
    """A row is added at its first version."""
    unknown = _("a program, by its access token")
    return {(event.object_ref, _version(event.facts)): people.get(event.actor_ref, unknown) for event in events}


def _version(facts: Mapping[str, Any]) -> int:
    return int(facts.get("version", 1))
