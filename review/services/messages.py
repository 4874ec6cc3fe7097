"""What the circuit says by mail, read again when it is sent (see organizations/services/messages.py)."""

from django.conf import settings

from organizations.models import User
from organizations.permissions import Permission, is_permitted
from organizations.services.links import in_language
from organizations.services.messages import Message
from review.models import Comment


def mentioned(comment: int, to: str) -> Message | None:
    """To one person whom a comment calls: where, never what it says. Nothing once they answered, once the thread is
    resolved, or when they may no longer read it.
    """
    found = Comment.objects.select_related("thread__organization", "written_by").filter(pk=comment).first()
    reader = User.objects.filter(uuid=to, is_active=True).first()
    if found is None or reader is None or found.thread.is_resolved:
        return None
    thread = found.thread
    if not is_permitted(reader, Permission.READ_DRAFTS, thread.organization):
        return None
    if thread.comments.filter(number__gt=found.number, written_by=reader).exists():
        return None
    context = {
        "person": found.author,
        "label": thread.label,
        "organization": thread.organization,
        "address": settings.PUBLIC_URL + in_language(thread.link, reader.language),
    }
    return Message(reader.email, reader.language, "review/email/mentioned.txt", context)
