"""Who reads what is said beside a question."""

from assessments.models import Assessment, GuestAccess
from core import clock


def guests_reading(assessment: Assessment, question: str) -> list[GuestAccess]:
    """Invited persons whose link is good: they read the threads that they began, and what is answered there."""
    today = clock.civil_date(clock.now())
    return list(assessment.guests.in_force(today).filter(questions__contains=[question]).order_by("name", "pk"))
