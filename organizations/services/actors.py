"""Who may act: a person within their functions, or the program itself under the name of its job."""

from core.audit import Actor
from core.models.actor import NamedJob
from organizations.models import User


def is_program(by: Actor) -> bool:
    """A named job (demonstration, first start) acts by the hand of whoever runs the server: no function limits it."""
    return isinstance(by, NamedJob)


def person_or_none(by: Actor) -> User | None:
    """For columns that point to a person; the reference beside them tells the job."""
    return by if isinstance(by, User) else None
