"""Bodies that say they use no AI, and what the public may know of a body before anything of it is published."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import keep_history
from organizations.models import Organization
from organizations.workflow import Role
from registry.workflow import AttestationEnd

# Who may speak for the body on this (see `Permission.ATTEST_NO_AI`), the closest to its highest authority first.
ATTESTING_ROLES = (Role.DECIDING_AUTHORITY, Role.AI_LEAD, Role.ORGANIZATION_ADMIN)


@keep_history()
class NoAIAttestation(models.Model):
    """«Aucune IA»: on that day, a person who speaks for the body attested that it uses no AI system and no automated
    decision system. `note_fr` is public; so is the function, never the person.

    One at most is in force. It ends when it is withdrawn, renewed, contradicted by what the body declares, or when the
    body is taken in by another (a job then ends it: `ended_by` is empty, `ended_by_ref` says which). Retention: for
    ever (public record).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="no_ai_attestations")
    attested_on = models.DateField()
    function = models.CharField(max_length=20)
    note_fr = models.CharField(max_length=500, blank=True)
    attested_at = models.DateTimeField()
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_by_ref = models.CharField(max_length=100, blank=True)
    end = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-attested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(ended_at__isnull=True), name="noaiattestation_one_in_force"
            ),
            models.CheckConstraint(condition=Q(function__in=list(ATTESTING_ROLES)), name="noaiattestation_function"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_by_ref="", end="")
                | Q(ended_at__isnull=False, end__in=list(AttestationEnd)) & ~Q(ended_by_ref=""),
                name="noaiattestation_ended_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.attested_on}"

    @property
    def function_label(self) -> str:
        return str(Role(self.function).label)


class PublicCoverage(models.Model):
    """What the public may know of a body besides its publications: whether it has declared a system, and that it
    attested to use none. A copy, written with each act that changes it; no number, no name and no draft is in it.

    Retention: while it says something.
    """

    public_columns = ("id", "organization_id", "has_declared", "attested_on", "function", "note_fr")

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="public_coverage")
    has_declared = models.BooleanField(default=False)
    attested_on = models.DateField(null=True)
    function = models.CharField(max_length=20, blank=True)
    note_fr = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attested_on__isnull=True, function="", note_fr="")
                | Q(attested_on__isnull=False) & ~Q(function=""),
                name="publiccoverage_whole_attestation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization_id)
