"""Threads of comments of an assessment, counted by question."""

from assessments.models import Assessment


def comment_counts(assessment: Assessment) -> dict[str, tuple[int, int]]:
    """Question → (open, resolved)."""
    return {}
