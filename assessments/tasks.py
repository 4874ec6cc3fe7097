"""Jobs of the assessments."""

from assessments.services.recounting import recount_part
from core.outbox import outbox_task


@outbox_task()
def recount(*, run: str, after: int) -> None:
    recount_part(run=run, after=after)
