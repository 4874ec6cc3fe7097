"""What waits for a person in the circuit. Named in TODO_SOURCES."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.text import reader_language
from organizations.models import User
from organizations.permissions import Permission, keys_where
from organizations.services.links import in_language
from organizations.services.todo import TodoItem
from review.models import Comment

# Nobody reads a longer list.
MOST_OF_A_KIND = 50


def waiting_for(user: User) -> list[TodoItem]:
    """Open threads where somebody calls them and they have not answered since: each once, by the last who called."""
    bodies = keys_where(user, Permission.READ_DRAFTS)
    if not bodies:
        return []
    after = Comment.objects.filter(thread=OuterRef("thread"), number__gt=OuterRef("number"))
    calls = Comment.objects.filter(
        ~Exists(after.filter(Q(written_by=user) | Q(mentions=user))),
        mentions=user,
        thread__resolved_at__isnull=True,
        thread__organization__in=bodies,
    )
    found = calls.select_related("thread", "written_by").order_by("written_at", "pk")
    return [_item(comment) for comment in found[:MOST_OF_A_KIND]]


def _item(comment: Comment) -> TodoItem:
    return TodoItem(
        what=_("Answer a comment"),
        about=comment.thread.label,
        why_me=_("%(person)s mentions you.") % {"person": comment.author},
        due_on=None,
        address=in_language(comment.thread.link, reader_language()),
    )
