"""Cases: one subject put before people, frozen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import keep_history
from organizations.models import Organization
from review.workflow import CaseState


@keep_history()
class Case(models.Model):
    """One subject submitted to a second look: its label, its address, the digest of exactly what was submitted.

    A publication (later: a change of phase, an assessment, an agreement, a waiver) points to its case, never the
    reverse. `authors` wrote what is submitted. Once decided it never changes. Retention: the body's calendar.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=30)
    label = models.CharField(max_length=300)
    address = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    needs_other_person = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["submitted_at"]
        indexes = [
            models.Index(fields=["organization", "submitted_at"], name="case_open", condition=Q(state="submitted"))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="case_digest_is_sha256"),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True, decided_by__isnull=True)
                | Q(~Q(state="submitted"), decided_at__isnull=False, decided_by__isnull=False),
                name="case_decided_at_by",
            ),
            models.CheckConstraint(
                condition=Q(needs_other_person=False)
                | Q(state__in=["submitted", "withdrawn"])
                | ~Q(decided_by=F("submitted_by")),
                name="case_second_look_is_another_person",
            ),
            models.CheckConstraint(condition=~Q(state="sent_back") | ~Q(comment=""), name="case_sent_back_says_why"),
        ]

    def __str__(self) -> str:
        return self.label
