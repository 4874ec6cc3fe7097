"""Screenings («tri préalable») as they were concluded, and signed."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from core.models.base import never_emptied
from registry.models import AISystem


class ScreeningConclusion(models.Model):
    """What one screening said: the five answers, the facts of the record that it read, which assessments are required,
    which were added and why. Concluded by a person of the body; a «not required» waits for the signature of the privacy
    officer. Only the signature is ever written after: a trigger refuses the rest. Retention: with its system.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="conclusion")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="screenings")
    answers = models.JSONField()
    facts = models.JSONField()
    results = models.JSONField()
    added = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    to_sign = models.BooleanField(default=False)
    concluded_at = models.DateTimeField()
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["system", "-id"], name="screening_of_system")]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="screeningconclusion_signed_at_by",
            ),
            models.CheckConstraint(
                condition=Q(to_sign=True) | Q(signed_at__isnull=True), name="screeningconclusion_signed_if_asked"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="screeningconclusion_digest_is_sha256"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_signed", exclude=["signed_at", "signed_by", "signed_note"]),
            pgtrigger.Protect(
                name="signed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}"
