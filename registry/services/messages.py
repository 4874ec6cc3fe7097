"""What the register says by mail, read again when it is sent (see organizations/services/messages.py)."""

from core import clock
from organizations.models import User
from organizations.permissions import Permission, is_permitted
from organizations.services import links
from organizations.services.messages import Message
from registry.models import ErrorReport, SystemGrant
from registry.rules.delays import answer_due_on
from registry.workflow import ReportState


def error_reported(report: int, to: str) -> Message | None:
    """To one person who answers visitors; nothing when somebody answered meanwhile or the function was ended."""
    found = ErrorReport.objects.select_related("organization", "system").filter(pk=report).first()
    reader = User.objects.filter(uuid=to, is_active=True).first()
    if found is None or reader is None or found.state != ReportState.RECEIVED:
        return None
    if not is_permitted(reader, Permission.ANSWER_CITIZENS, found.organization):
        return None
    context = {
        "report": found,
        "organization": found.organization,
        "due_on": answer_due_on(clock.civil_date(found.received_at)),
        "address": links.absolute("registry:error_report", reader.language, uuid=str(found.uuid)),
    }
    return Message(reader.email, reader.language, "registry/email/error_reported.txt", context)


def exception_given(grant: int) -> Message | None:
    """To the person from elsewhere; nothing when the access was ended meanwhile."""
    today = clock.civil_date(clock.now())
    found = SystemGrant.objects.in_force(today).select_related("user", "content_object__organization").filter(pk=grant)
    given = found.first()
    if given is None or not given.user.is_active:
        return None
    system = given.content_object
    context = {
        "system": system,
        "organization": system.organization,
        "ends_on": given.ends_on,
        "address": links.absolute("registry:system", given.user.language, uuid=str(system.uuid)),
    }
    return Message(given.user.email, given.user.language, "registry/email/exception_given.txt", context)


def error_answered(report: int) -> Message | None:
    """To the visitor who left an address, in the language of the page they wrote from."""
    found = ErrorReport.objects.select_related("organization").filter(pk=report).first()
    if found is None or not found.email or found.state != ReportState.ANSWERED:
        return None
    address = links.absolute("transparency:reported", found.language, code=found.code)
    context = {"report": found, "organization": found.organization, "address": address}
    return Message(found.email, found.language, "registry/email/error_answered.txt", context)
