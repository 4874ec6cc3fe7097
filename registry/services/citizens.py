"""Answering what visitors reported."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import NamedJob, record
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_text
from organizations.models import User
from registry import permissions
from registry.models import ErrorReport
from registry.workflow import ReportState

# At least two years, whatever the leap years.
WORDS_KEPT = timedelta(days=731)
FORGETTING = NamedJob("forget_visitors")


@transaction.atomic
def forget_visitors(*, moment: datetime) -> int:
    """Empty the message and the e-mail of reports answered two years ago; the answer, which is public, stays. The
    number emptied.
    """
    old = ErrorReport.objects.select_for_update(of=("self",)).select_related("organization")
    old = old.filter(state=ReportState.ANSWERED, answered_at__lt=moment - WORDS_KEPT).exclude(message="", email="")
    for report in (found := list(old.order_by("pk"))):
        report.message = report.email = ""
        report.save()
        record(by=FORGETTING, verb="forget_visitor", thing=report, organization=report.organization)
    return len(found)


@transaction.atomic
def answer_error_report(*, report: ErrorReport, answer: str, by: User) -> ErrorReport:
    """Answer once; the visitor reads it under their tracking code, and by mail if they left an address."""
    if not permissions.can_answer_citizens(by, report.organization):
        raise NotAllowed(_("Your functions in this body do not let you answer visitors."))
    report = ErrorReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != ReportState.RECEIVED:
        raise NotPossibleNow(_("Somebody answered this report already. Reload the page to read the answer."))
    text = clean_text(answer)
    if not text:
        raise InvalidInput(_("Write the answer that the visitor will read."), field="answer")
    check_length(text, ErrorReport, "answer_fr", field="answer")
    report.state, report.answer_fr = ReportState.ANSWERED, text
    report.answered_at, report.answered_by = clock.now(), by
    report.save()
    record(by=by, verb="answer", thing=report, organization=report.organization)
    if report.email:
        ask("registry.tasks.tell_visitor", dedup_key=f"tell_visitor:{report.pk}", report=report.pk)
    return report
