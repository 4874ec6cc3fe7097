"""What visitors hand in about a published sheet."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import keep_history
from organizations.models import Organization
from registry.models.system import AISystem
from registry.workflow import ReportState


# History would outlive an erasure: it keeps neither message nor e-mail.
@keep_history(without=["message", "email"])
class ErrorReport(models.Model):
    """«Signaler une erreur»: what a visitor says is wrong on a sheet, and what the body answered.

    The visitor follows it by `code`, which is drawn at random and shown once. The message and the e-mail stay inside.
    Retention: two years after the answer, then message and e-mail are emptied (`forget_visitors`).
    """

    public_columns = ("id", "code", "reference", "state", "received_at", "answered_at", "answer_fr")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="error_reports")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="error_reports")
    reference = models.CharField(max_length=30)
    version_number = models.PositiveIntegerField()
    message = models.TextField(max_length=2000, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="fr")
    state = models.CharField(max_length=10, default=ReportState.RECEIVED)
    received_at = models.DateTimeField()
    answer_fr = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["received_at"]
        indexes = [
            models.Index(fields=["organization", "received_at"], name="errorreport_open", condition=Q(state="received"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", answered_at__isnull=True, answered_by__isnull=True, answer_fr="")
                | Q(Q(state="answered", answered_at__isnull=False, answered_by__isnull=False), ~Q(answer_fr="")),
                name="errorreport_answered_at_by",
            ),
            models.CheckConstraint(
                condition=~Q(message="") | Q(state="answered", email=""), name="errorreport_has_message"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.code}"
