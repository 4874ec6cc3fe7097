"""Invited persons: somebody without account, named questions, until a day."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from core.models import keep_history
from core.models.audit import ActorKind


class GuestAccessQuerySet(models.QuerySet["GuestAccess"]):
    def in_force(self, day: date) -> "GuestAccessQuerySet":
        return self.filter(ends_on__gte=day, withdrawn_at__isnull=True)


# The digest is a secret's.
@keep_history(without=["digest"])
class GuestAccess(models.Model):
    """One link by which one person without account (a supplier, a partner) answers named questions of one assessment.

    Given by somebody who may write in it; the link is shown and sent once, only its digest is kept. It changes only to
    end. Answers given by it are marked as this person's own. Retention: with its assessment; erasure: name and e-mail.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    on_behalf_of = models.CharField(max_length=200)
    questions = ArrayField(models.CharField(max_length=40))
    language = models.CharField(max_length=2, default="fr")
    digest = models.CharField(max_length=64, unique=True)
    ends_on = models.DateField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuestAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="guestaccess_has_name"),
            models.CheckConstraint(condition=~Q(on_behalf_of=""), name="guestaccess_says_for_whom"),
            models.CheckConstraint(condition=Q(questions__len__gt=0), name="guestaccess_has_questions"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="guestaccess_digest_is_sha256"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="guestaccess_language_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="guestaccess_withdrawn_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.on_behalf_of})"

    @property
    def actor_kind(self) -> str:
        return ActorKind.GUEST

    @property
    def actor_ref(self) -> str:
        return str(self.uuid)

    def is_good_on(self, day: date) -> bool:
        return self.withdrawn_at is None and self.ends_on >= day
