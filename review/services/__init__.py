"""Submitting a case and deciding it."""

from review.services.cases import decide_case, is_author, submit_case

__all__ = ["decide_case", "is_author", "submit_case"]
