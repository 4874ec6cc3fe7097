"""What the register does when a body changes."""

from core.outbox import outbox_task
from registry.services.public_records import rebuild_public_records


@outbox_task()
def follow_body(*, organization: int) -> None:
    """Search finds the sheets of this body under the names it now bears."""
    rebuild_public_records(of=organization)
