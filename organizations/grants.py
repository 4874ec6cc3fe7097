"""Exceptions to the membership scope: this person may read this one object, until that day.

The one door to guardian. Guardian finds whom a direct-key table grants what; here each grant also has a giver, a reason
and an end date, and one that ended grants nothing. A concrete table lives in the room of its object.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase


class GrantQuerySet(models.QuerySet[Any]):
    def in_force(self, day: date) -> "GrantQuerySet":
        return self.filter(ends_on__gte=day, withdrawn_at__isnull=True)


class ObjectGrant(UserObjectPermissionBase):
    """Abstract: one exception. The concrete model adds `content_object`, a key to its object that cascades."""

    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    ends_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GrantQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_has_reason"),
            models.CheckConstraint(condition=~Q(user=F("given_by")), name="%(class)s_not_to_oneself"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="%(class)s_withdrawn_at_by",
            ),
        ]
