"""Threads of comments of an assessment: counted by question, and those that are open, whole."""

from collections.abc import Sequence
from typing import Any

from assessments.models import Assessment
from assessments.services.commenting import threads_address
from core.text import cut_at_word, reader_language
from review.models import CommentThread

SHOWN = 200


def comment_counts(assessment: Assessment) -> dict[str, tuple[int, int]]:
    """Question → (open, resolved); one query."""
    return CommentThread.objects.counts_by_place(assessment.uuid)


def thread_rows(assessment: Assessment, threads: Sequence[CommentThread]) -> list[dict[str, Any]]:
    """In the order of the questions: who began each, the beginning of what was said last, and where."""
    questions = {question.id: number for number, question in enumerate(assessment.questionnaire.questions)}
    ordered = sorted(threads, key=lambda thread: (questions.get(thread.place, len(questions)), thread.pk))
    return [_row(assessment, thread) for thread in ordered]


def _row(assessment: Assessment, thread: CommentThread) -> dict[str, Any]:
    question = assessment.questionnaire.by_id.get(thread.place)
    comments = list(thread.comments.all())
    return {
        "thread": thread,
        "question": question.label[reader_language()] if question else thread.label,
        "url": f"{threads_address(assessment, thread.place)}#{thread.anchor}",
        "first": comments[0],
        "last": comments[-1],
        "said": cut_at_word(comments[-1].text, SHOWN),
        "number": len(comments),
    }
