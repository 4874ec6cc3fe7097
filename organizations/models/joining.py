"""How a person comes in: invited by the body, or asking for it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.models import keep_history
from organizations.models.organization import Organization
from organizations.workflow import AccessRequestState, Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, moment: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=moment)


@keep_history(without=["token_digest"])
class Invitation(models.Model):
    """One person invited by mail to functions in a body. The link in the mail works once, for 14 days.

    Only the digest of the link's secret is kept. Retention: one year; erasure: with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    language = models.CharField(max_length=2, default="fr")
    token_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organization",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_by",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_at_by",
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="invitation_has_role"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.uuid}"

    @property
    def functions(self) -> list[Role]:
        """What is offered, in the order of the functions."""
        return [role for role in Role if role in self.roles]


@keep_history()
class AccessRequest(models.Model):
    """«Demander l'accès à mon organisme»: a signed-in person asks; the administration of the body answers, once.

    Retention: one year after the answer; erasure: with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="access_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_requests")
    function = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=AccessRequestState, default=AccessRequestState.WAITING)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], condition=Q(state="waiting"), name="accessrequest_waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True, answered_by__isnull=True)
                | Q(state__in=["granted", "refused"], answered_at__isnull=False, answered_by__isnull=False),
                name="accessrequest_answered_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.organization_id}"
