"""Submitting a case and deciding it; comment threads beside a question."""

from review.services.cases import decide_case, is_author, submit_case
from review.services.threads import (
    add_comment,
    hand_threads_over,
    open_thread,
    people_to_mention,
    reopen_thread,
    resolve_thread,
)

__all__ = [
    "add_comment",
    "decide_case",
    "hand_threads_over",
    "is_author",
    "open_thread",
    "people_to_mention",
    "reopen_thread",
    "resolve_thread",
    "submit_case",
]
