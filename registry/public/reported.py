"""What became of an error that a visitor reported: state and answer, under the code they were given."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from registry.models import ErrorReport
from registry.rules.delays import ANSWER_WITHIN_WORKING_DAYS as ANSWER_WITHIN_WORKING_DAYS
from registry.rules.delays import answer_due_on
from registry.workflow import ReportState


@dataclass(frozen=True)
class ReportedError:
    """The public part of a report; its message and e-mail stay inside."""

    code: str
    reference: str
    is_answered: bool
    received_at: datetime
    due_on: date
    answered_at: datetime | None
    answer: str


def find_reported_error(code: str) -> ReportedError | None:
    """The report of this code, however it was copied: small letters, spaces, no dashes."""
    letters = re.sub(r"[^A-Z0-9]", "", code.upper())
    grouped = "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
    report = ErrorReport.objects.only(*ErrorReport.public_columns).filter(code=grouped).first()
    if report is None:
        return None
    return ReportedError(
        code=report.code,
        reference=report.reference,
        is_answered=report.state == ReportState.ANSWERED,
        received_at=report.received_at,
        due_on=answer_due_on(clock.civil_date(report.received_at)),
        answered_at=report.answered_at,
        answer=report.answer_fr,
    )
