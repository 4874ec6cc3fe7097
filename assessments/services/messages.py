"""What the assessments say by mail, read again when it is sent (see organizations/services/messages.py)."""

from assessments.models import GuestAccess
from assessments.services.guests import address_of, is_open_to
from organizations.services.messages import Message


def guest_invited(uuid: str) -> Message | None:
    """To somebody without account: their link. Nothing once the invitation is over."""
    joined = GuestAccess.objects.select_related("assessment__organization", "assessment__system", "given_by")
    found = joined.filter(uuid=uuid).first()
    if found is None or not is_open_to(found):
        return None
    context = {
        "guest": found,
        "organization": found.assessment.organization,
        "system": found.assessment.system,
        "number": len(found.questions),
        "address": address_of(found),
    }
    return Message(found.email, found.language, "assessments/email/guest_invited.txt", context)
