"""What people say of the questions of an assessment, for the files that one works in."""

from assessments.exports.told.shapes import ToldComment
from assessments.models import Assessment
from review.models import CommentThread


def comments_of(assessment: Assessment) -> dict[str, list[ToldComment]]:
    """Id of a question → its remarks, thread after thread. A place may be a line of a question (`risks.2`)."""
    found: dict[str, list[ToldComment]] = {}
    for thread in CommentThread.objects.of(assessment.uuid).with_comments().order_by("created_at", "pk"):
        told = found.setdefault(thread.place.partition(".")[0], [])
        told += [
            ToldComment(each.author, each.written_at, each.text, thread.is_resolved) for each in thread.comments.all()
        ]
    return found
