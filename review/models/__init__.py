"""What the circuit keeps: cases and their answers; comment threads beside a question."""

from review.models.case import Case
from review.models.threads import Comment, CommentThread, Mention

__all__ = ["Case", "Comment", "CommentThread", "Mention"]
