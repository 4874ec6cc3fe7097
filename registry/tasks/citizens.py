"""Telling people about errors that visitors report: one message each, so that one bad mailbox stops no other."""

from django.db.models import Q

from core import clock
from core.outbox import ask, outbox_task
from organizations.models import User
from organizations.permissions import ROLE_PERMISSIONS, Permission
from registry.models import ErrorReport
from registry.services.citizens import forget_visitors

ANSWERING_ROLES = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.ANSWER_CITIZENS in permissions]
SEND = "organizations.tasks.send_message"


@outbox_task()
def tell_error_report(*, report: int) -> None:
    """Every person of the body who may answer is told once."""
    found = ErrorReport.objects.select_related("organization").get(pk=report)
    today = clock.civil_date(clock.now())
    holders = found.organization.memberships.in_force(today).filter(role__in=ANSWERING_ROLES).values("user_id")
    for person in User.objects.filter(Q(pk__in=holders), is_active=True).order_by("pk"):
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
