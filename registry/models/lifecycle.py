"""What a system went through."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.base import never_emptied
from registry.models.system import AISystem, known
from registry.rules.days import PLAUSIBLE_YEARS
from registry.workflow import Phase


class PhaseChange(models.Model):
    """One change of phase of a declared system, by a person of its body, with its day, its reason and the warnings of
    the gates that the person read. Never altered: a trigger refuses it. Retention: with its system.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="phase_changes")
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    happened_on = models.DateField()
    reason = models.CharField(max_length=400, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="phasechange_goes_somewhere"),
            known("target", Phase, "phasechange_target_known"),
            models.CheckConstraint(
                condition=Q(happened_on__gte=date(PLAUSIBLE_YEARS[0], 1, 1)), name="phasechange_day_plausible"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}: {self.source} → {self.target}"
