"""Private files: what they are by content, whose they are, how long they stay."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from core.models.base import never_emptied


class Retention(models.TextChoices):
    """How long a file is kept; the body's calendar gives the years."""

    REGISTER = "register"
    """With the record it belongs to."""
    IMPORT = "import"
    """One year after the run: proof of what came in."""
    TEMPORARY = "temporary"
    """Seven days: an export made to be downloaded."""


class StoredFile(models.Model):
    """One file that came in or was made. Never altered, never served by the web server: a view checks, then sends it.

    `organization_uuid` is the owner body (core knows no organization). Retention: as `retention` says. Erasure
    removes the content and keeps the row with its digest: triggers refuse any other change.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content = models.FileField(upload_to="")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    original_name = models.CharField(max_length=200)
    organization_uuid = models.UUIDField(null=True, db_index=True)
    retention = models.CharField(max_length=12, choices=Retention)
    created_at = models.DateTimeField()
    created_by_ref = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(retention__in=Retention.values), name="storedfile_retention_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="storedfile_digest_is_sha256"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_erased", exclude=["content"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return self.original_name
