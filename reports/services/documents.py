"""A document made, kept, handed out; or given up, and begun again."""

import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, files
from core.audit import Actor, record
from core.models import StoredFile
from core.models.intent import IntentState
from core.models.stored_file import Retention
from core.pdf import RenderedPdf
from core.services import NotAllowed, NotPossibleNow, check_stored, retry_intent
from organizations.models import User
from reports import permissions
from reports.models import Report
from reports.services.requests import ask_for_document, job_of
from reports.workflow import ReportState

# Words of file names, in the language of the document.
SHEET = {"fr": "fiche", "en": "sheet"}
DRAFT = {"fr": "brouillon", "en": "draft"}


@transaction.atomic
def keep_document(*, report: Report, document: RenderedPdf, by: Actor) -> Report:
    """Store the finished document. A report that is ready already stays as it is, however often a worker brings one."""
    report = _locked(report)
    if report.is_ready:
        return report
    report.file = files.store(
        content=document.content,
        name=file_name(report),
        retention=Retention.REGISTER,
        by=by,
        organization=report.organization,
        media_type="application/pdf",
    )
    report.html, report.pages = document.html, document.pages
    report.state, report.made_at = ReportState.READY, clock.now()
    report.save()
    facts = {"digest": document.sha256, "pages": document.pages, "size": len(document.content)}
    record(by=by, verb="make_report", thing=report, organization=report.organization, facts=facts)
    return report


@transaction.atomic
def fail_report(*, report: Report, by: Actor) -> Report:
    """Say that the document could not be made. Its content is kept, so that it can be begun again."""
    report = _locked(report)
    if report.state == ReportState.REQUESTED:
        report.state = ReportState.FAILED
        report.save()
        record(by=by, verb="fail_report", thing=report, organization=report.organization)
    return report


@transaction.atomic
def restart_report(*, report: Report, by: User) -> Report:
    """Have a failed document made from the same content. Raises `NotAllowed`, `NotPossibleNow` when it did not fail."""
    if not permissions.can_make_report(by, report.organization):
        raise NotAllowed(_("Your functions in this body do not let you make reports."))
    report = _locked(report)
    if not report.has_failed:
        raise NotPossibleNow(_("This document did not fail. Reload the page to see where it stands."))
    report.state = ReportState.REQUESTED
    report.save()
    record(by=by, verb="restart_report", thing=report, organization=report.organization)
    job = job_of(report)
    if job and job.state == IntentState.FAILED:
        retry_intent(intent=job, by=by)
    else:  # an operator began it again already, or the job was forgotten
        ask_for_document(report)
    return report


@transaction.atomic
def hand_out(*, report: Report, by: User) -> StoredFile:
    """The file of a document that is ready, and the trace that this person took it."""
    stored = made_file(report)
    lost = _("The file of this document is missing from the store. Ask for a new one, and tell the administration.")
    check_stored(stored, lost)
    facts = {"digest": stored.sha256}
    record(by=by, verb="download", thing=report, organization=report.organization, facts=facts)
    return stored


def made_file(report: Report) -> StoredFile:
    """Raises `NotPossibleNow`, which says what to wait for, while there is no file."""
    if report.file is None:
        raise NotPossibleNow(waits_for(report))
    return report.file


def waits_for(report: Report) -> str:
    """Why there is no file yet and what to do, in one sentence; «» once it is ready."""
    if report.has_failed:
        return _("This document could not be made. Begin it again on its page, or ask for a new one.")
    return "" if report.is_ready else _("This document is being made: ask for it again in a few seconds.")


def file_name(report: Report) -> str:
    """`fiche-DEMO-SIGLE-0001-2026-11-22.pdf`, `efvp-QC-SIGLE-0001-v2-2026-11-22.pdf`: ASCII, so that no system spoils
    it; the demonstration is in it.
    """
    facts = report.content["facts"]
    prefix = "DEMO" if facts["is_demonstration"] else "QC"
    number = facts["reference"] or f"{prefix}-{facts['body']['sigle']}-{DRAFT[report.language]}"
    plain = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    first = report.content.get("instrument") or SHEET[report.language]
    version = f"-v{report.content['version']}" if report.content.get("version") else ""
    return f"{first}-{plain}{version}-{clock.civil_date(report.requested_at):%Y-%m-%d}.pdf"


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("organization", "file").get(pk=report.pk)
