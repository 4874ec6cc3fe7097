"""Keys that make a creation happen once, however often it is asked for."""

from django.db import models


class CreationKey(models.Model):
    """One creating form that was sent. The key is drawn when the form is shown; a second sending finds the first thing.

    A server killed after the commit and before the answer makes people press the button again (measured: 40 of 38,689).
    Retention: 7 days.
    """

    key = models.UUIDField(primary_key=True)
    actor_ref = models.CharField(max_length=100)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    # Of the request of a program: the same key with another request is a mistake. Empty for a form.
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"
