"""Jobs of this room, asked for through the outbox."""

from core.audit import NamedJob
from core.outbox import CannotSucceed, outbox_task
from core.pdf import DocumentTooLarge, ForbiddenResource
from reports.exports import typeset
from reports.models import Report
from reports.services import fail_report, keep_document

JOB = NamedJob("reports")


def give_up(*, report: int) -> None:
    fail_report(report=Report.objects.get(pk=report), by=JOB)


@outbox_task(on_giving_up=give_up)
def make_report(*, report: int) -> None:
    """Typeset a document and keep it. Run twice, it makes one."""
    wanted = Report.objects.get(pk=report)
    if wanted.is_ready:
        return
    try:
        document = typeset(wanted)
    except (DocumentTooLarge, ForbiddenResource) as refusal:  # its content is frozen: tomorrow would be the same
        raise CannotSucceed from refusal
    keep_document(report=wanted, document=document, by=JOB)
