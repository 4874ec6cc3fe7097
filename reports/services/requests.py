"""Asking for a document: its content is frozen at that moment, a worker makes it later."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.models.intent import Intent
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, created_once
from organizations.models import User
from registry.models import AISystem
from reports import permissions
from reports.models import Report
from reports.services.content import freeze_sheet
from reports.workflow import ReportKind

LANGUAGES = ("fr", "en")


@transaction.atomic
def request_sheet(*, system: AISystem, language: str, by: User, request_key: UUID) -> Report:
    """Ask for the sheet of this system. The same key asked twice gives the first report.

    Raises `NotAllowed` without the function, `InvalidInput` for a language we do not write in.
    """
    check_may_request(system, by)
    if language not in LANGUAGES:
        raise InvalidInput(_("Choose French or English as the language of the document."), field="language")

    def create() -> Report:
        # A sheet must not mix two saves of the system.
        locked = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
        moment = clock.now()
        content = freeze_sheet(system=locked, language=language, moment=moment)
        report = Report.objects.create(
            organization=locked.organization,
            kind=ReportKind.SYSTEM_SHEET,
            system=locked,
            title=content["sheet"]["name"],
            language=language,
            content=content,
            requested_at=moment,
            requested_by=by,
        )
        facts = {"kind": report.kind, "language": language, "digest": content["sheet"]["digest"]}
        record(by=by, verb="request_report", thing=report, organization=report.organization, facts=facts)
        ask_for_document(report)
        return report

    return created_once(key=request_key, by=by, model=Report, create=create)


def check_may_request(system: AISystem, by: User) -> None:
    """Raises `NotAllowed`; the page that holds the form asks before showing it."""
    if not permissions.can_make_report(by, system.organization):
        raise NotAllowed(
            _("Your functions in this body do not let you make reports. Ask its administration for another function.")
        )


def job_key(report: Report) -> str:
    """One document has one job."""
    return f"make_report:{report.pk}"


def ask_for_document(report: Report) -> None:
    ask("reports.tasks.make_report", dedup_key=job_key(report), report=report.pk)


def job_of(report: Report) -> Intent | None:
    """The job that makes this document; none once it is long done."""
    return Intent.objects.filter(dedup_key=job_key(report)).first()
