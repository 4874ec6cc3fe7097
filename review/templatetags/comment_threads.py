"""The threads of one place, in the page of the room that asks for comments there."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context

from organizations.models import User
from review.forms import CommentForm
from review.models import CommentThread

register = template.Library()


@register.inclusion_tag("review/partials/_threads.html", takes_context=True)
def comment_threads(
    context: Context,
    threads: Iterable[CommentThread],
    *,
    place: str,
    comment_url: str = "",
    may_comment: bool = False,
    may_resolve: bool = False,
    people: Sequence[User] = (),
    refused: CommentForm | None = None,
    level: int = 3,
) -> dict[str, Any]:
    """Every thread of `place`, those to answer first, each with its form. `threads`: of this place, `with_comments`.

    `people`: whom one may mention, read once for the page. `refused`: the form that was sent and not accepted; it takes
    its place again. `level`: of the heading.
    """

    def form(thread: CommentThread | None = None) -> CommentForm:
        made = CommentForm(people=people, place=place, thread=thread)
        return refused if refused and refused.anchor == made.anchor else made

    shown = [(thread, form(thread)) for thread in threads]
    return {
        "open_ones": [one for one in shown if not one[0].is_resolved],
        "resolved_ones": [one for one in shown if one[0].is_resolved],
        "is_resolved_refused": any(thread.is_resolved and made.errors for thread, made in shown),
        "new": form(),
        "place": place,
        "comment_url": comment_url,
        "may_comment": may_comment,
        "may_resolve": may_resolve,
        "heading": f"h{level}",
        "subheading": f"h{level + 1}",
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }
