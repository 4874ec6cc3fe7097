"""What the assessments say by mail, read again when it is sent (see organizations/services/messages.py)."""

from assessments.models import GuestAccess
from assessments.services.guests import address_of, is_open_to, secret_of
from organizations.services.links import absolute
from organizations.services.messages import Message
from review.models import Comment


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


def guest_answered(comment: int) -> Message | None:
    """To whoever began the thread by a link: where, never what it says. Nothing once the invitation is over, or once
    they wrote again.
    """
    found = Comment.objects.select_related("thread").filter(pk=comment).first()
    first = found and found.thread.comments.filter(number=1).first()
    if found is None or not first or not first.guest_ref:
        return None
    joined = GuestAccess.objects.select_related("assessment__organization", "assessment__version_asked")
    guest = joined.filter(uuid=first.guest_ref).first()
    if guest is None or not is_open_to(guest):
        return None
    if found.thread.comments.filter(number__gt=found.number, guest_ref=guest.actor_ref).exists():
        return None
    code = found.thread.place
    context = {
        "guest": guest,
        "organization": guest.assessment.organization,
        "question": guest.assessment.questionnaire.question(code).label[guest.language],
        "address": absolute("guests:threads", guest.language, secret=secret_of(guest.uuid), code=code),
    }
    return Message(guest.email, guest.language, "assessments/email/guest_answered.txt", context)
