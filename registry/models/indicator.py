"""The strategy's indicator, year after year."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from core.models.base import never_emptied


class IndicatorOfYear(models.Model):
    """What the indicator of the strategy was on 31 December: the versions that the public read that day, counted once
    the year was over. Never altered: a trigger refuses it. Retention: for ever (public record).
    """

    public_columns = ("id", "year", "numerator", "denominator", "unknown", "counted_at")

    year = models.PositiveSmallIntegerField(unique=True)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(denominator__gte=F("numerator") + F("unknown")), name="indicatorofyear_parts_within_whole"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return str(self.year)
