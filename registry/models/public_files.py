"""The whole register as files that anybody may take."""

from django.db import models
from django.db.models import Q

from core.models import StoredFile


class PublicFile(models.Model):
    """Which stored file holds the register now, in one format. Made again by a job; the one before is erased.

    Retention: replaced by the next one, a day later at most.
    """

    public_columns = ("id", "name", "path", "sha256", "size", "systems", "made_at")

    name = models.CharField(max_length=40, unique=True)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    systems = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(path=""), name="publicfile_has_name_and_path")]

    def __str__(self) -> str:
        return self.name
