"""Telling people about errors that visitors report: one message each, so that one bad mailbox stops no other."""

from core import clock
from core.outbox import ask, outbox_task
from organizations.permissions import Permission, people_who_may
from organizations.services.messages import SEND
from registry.models import ErrorReport
from registry.services.citizens import forget_visitors


@outbox_task()
def tell_error_report(*, report: int) -> None:
    """Every person of the body who may answer is told once."""
    found = ErrorReport.objects.select_related("organization").get(pk=report)
    for person in people_who_may(Permission.ANSWER_CITIZENS, found.organization):
        refs = {"report": report, "to": str(person.uuid)}
        ask(
            SEND,
            dedup_key=f"error_reported:{report}:{person.pk}",
            message="registry.services.messages.error_reported",
            refs=refs,
        )


@outbox_task()
def forget_old_words() -> None:
    """Once a day, as the legal notices promise."""
    forget_visitors(moment=clock.now())


@outbox_task()
def tell_visitor(*, report: int) -> None:
    """The visitor who left an address is told that the answer is there."""
    message = "registry.services.messages.error_answered"
    ask(SEND, dedup_key=f"error_answered:{report}", message=message, refs={"report": report})
