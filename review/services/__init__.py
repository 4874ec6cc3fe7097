"""Submitting a case and deciding it."""

from review.services.cases import decide_case, submit_case

__all__ = ["decide_case", "submit_case"]
