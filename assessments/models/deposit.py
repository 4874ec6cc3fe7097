"""Assessments made outside Vigie, deposited as they are."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import words_of_system
from assessments.workflow import ResidualLevel
from core.models import StoredFile, Versioned, keep_history
from organizations.models import Organization, User
from organizations.permissions import Permission, keys_where
from registry.models import AISystem


class DepositedQuerySet(models.QuerySet["DepositedAssessment"]):
    def visible_to(self, user: User) -> "DepositedQuerySet":
        return self.filter(organization_id__in=keys_where(user, Permission.READ_DRAFTS))

    def with_words(self, text: str) -> "DepositedQuerySet":
        return self.filter(words_of_system(text))

    def in_force(self) -> "DepositedQuerySet":
        return self.filter(withdrawn_at__isnull=True)


@keep_history()
class DepositedAssessment(Versioned):
    """One assessment «faite hors de Vigie»: its file, when it was made, who approved it, what it concluded, when it is
    looked at again. Deposited by a person of the body; the file never changes, another one is another deposit; a
    mistake is withdrawn with its reason. Retention: with its system; the body's calendar.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="deposited_assessments")
    instrument = models.CharField(max_length=40)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    approved_by_function = models.CharField(max_length=200)
    residual_level = models.CharField(max_length=10, choices=ResidualLevel)
    summary_fr = models.TextField(max_length=3000)
    next_review_on = models.DateField(null=True)
    deposited_at = models.DateTimeField()
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    objects = DepositedQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(residual_level__in=ResidualLevel.values), name="depositedassessment_level_known"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by_function="") & ~Q(summary_fr=""), name="depositedassessment_says_who_and_what"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="depositedassessment_withdrawn_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} – {self.system_id}"
