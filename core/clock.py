"""Moments are stored in UTC; legal clocks count civil dates of Québec."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CIVIL_ZONE = ZoneInfo("America/Toronto")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def civil_date(moment: datetime) -> date:
    """The date on a Québec calendar at that moment."""
    return moment.astimezone(CIVIL_ZONE).date()
