"""What the register does when a body changes."""

from core.audit import NamedJob
from core.outbox import outbox_task
from organizations.models import Organization
from registry.services.coverage import follow_register, show_every_coverage
from registry.services.public_records import rebuild_public_records


@outbox_task()
def follow_body(*, organization: int) -> None:
    """Search finds the sheets of this body under the names it now bears; it answers for what it took in."""
    rebuild_public_records(of=organization)
    follow_register(organization=Organization.objects.get(pk=organization), by=NamedJob("follow_body"))


@outbox_task()
def show_coverage() -> None:
    """Once a day: what an older version of the program did not write is there."""
    show_every_coverage(by=NamedJob("show_coverage"))
