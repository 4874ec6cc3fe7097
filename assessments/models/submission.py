"""What was submitted, frozen; and the written word of the highest authority on what remains critical."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from core.models.base import never_emptied
from review.models import Case


class Submission(models.Model):
    """One version of one assessment as it was submitted: questionnaire, answers that count, facts, depth, levels,
    digests of the evidence, ids of the answers that were dropped. Its case carries the digest; a decision is bound to
    it. Never altered: a trigger refuses it. Retention: with its case.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="assessment_submission")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="submission_digest_is_sha256"),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} v{self.number}"


class RiskAcceptance(models.Model):
    """The written acceptance, by the function with the highest authority, of risks that remain critical in one
    submission: without it that submission is not approved. Never altered: a trigger refuses it. Retention: with its
    case.
    """

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="acceptance")
    function = models.CharField(max_length=200)
    text = models.TextField(max_length=2000)
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(function=""), name="riskacceptance_says_who_and_why"),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}"
