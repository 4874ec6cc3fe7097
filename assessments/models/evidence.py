"""Files that support an answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.guest import GuestAccess
from core.models import StoredFile, keep_history


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def kept(self) -> "EvidenceQuerySet":
        """Those that were not taken off."""
        return self.filter(removed_at__isnull=True)


@keep_history()
class Evidence(models.Model):
    """One file joined to one answer («pièce justificative»), by a person of the body or an invited one. It may be taken
    off, by a person of the body or by the invited one who had added it (nobody is named then); never replaced: the file
    stays with its digest. Retention: with its assessment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    question = models.CharField(max_length=40)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(GuestAccess, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["assessment", "question"], name="evidence_of_question")]
        constraints = [
            models.CheckConstraint(
                condition=Q(added_by__isnull=True, guest__isnull=False) | Q(added_by__isnull=False, guest__isnull=True),
                name="evidence_added_by_one",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False)
                | Q(removed_at__isnull=False, removed_by__isnull=True, guest__isnull=False),
                name="evidence_removed_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.question}"
