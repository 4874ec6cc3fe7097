"""The strategy's indicator: once a day, which does something once a year."""

from core.audit import NamedJob
from core.outbox import outbox_task
from registry.services.indicator import keep_indicator_of_past_years


@outbox_task()
def keep_indicator() -> None:
    keep_indicator_of_past_years(by=NamedJob("keep_indicator"))
