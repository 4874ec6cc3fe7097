"""Who acts, and in which request: what every event, job and file says of its origin."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog

from core.models.audit import ActorKind


class Actor(Protocol):
    """A person, a token, a named job, an import run, an invited person or a visitor. Never empty."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_ref(self) -> str: ...


@dataclass(frozen=True)
class NamedJob:
    """The program itself, under the name of what it does: `NamedJob("demonstration")`."""

    name: str
    actor_kind: str = ActorKind.JOB

    @property
    def actor_ref(self) -> str:
        return self.name


@dataclass(frozen=True)
class Visitor:
    """Somebody who did not sign in. Nothing is kept that would tell who."""

    actor_kind: str = ActorKind.VISITOR
    actor_ref: str = "visitor"


@dataclass(frozen=True)
class Guest:
    """An invited person who has no account and answers by a link. `ref` is the invitation; the ledger keeps no name."""

    ref: str
    name: str
    actor_kind: str = ActorKind.GUEST

    @property
    def actor_ref(self) -> str:
        return self.ref


class HasUuid(Protocol):
    """A body, as `core` knows it: something with a uuid."""

    uuid: UUID


def current_request_id() -> str:
    """The id that ties together a request, its events, its jobs and its log lines."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
