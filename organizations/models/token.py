"""Access tokens: by which a program acts for a person."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.models import keep_history
from organizations.workflow import Scope


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def good_on(self, day: date) -> "AccessTokenQuerySet":
        """Neither revoked nor expired, of a person who may still sign in."""
        return self.filter(revoked_at__isnull=True, expires_on__gte=day, user__is_active=True)


# `last_used_on` moves each day: a row of history a day would tell nothing more. The digest is a secret's.
@keep_history(without=["digest", "last_used_on"])
class AccessToken(models.Model):
    """One token by which a program of a person calls the API with their rights, narrowed to its scopes.

    Made by the person for themselves; its secret is shown once and only its digest is kept. It changes only to end.
    Retention: one year after its end, as proof of who could act through it; erasure: with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="accesstoken_has_name"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="accesstoken_digest_is_sha256"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="accesstoken_has_scope"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(Scope.values)), name="accesstoken_scopes_known"
            ),
            models.CheckConstraint(condition=Q(created_by=models.F("user")), name="accesstoken_made_by_its_person"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="accesstoken_revoked_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.prefix}…"

    def is_good_on(self, day: date) -> bool:
        return self.revoked_at is None and self.expires_on >= day

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(code).label) for code in self.scopes]
