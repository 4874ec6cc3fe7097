"""The outbox: a job is a row before it is a message."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class IntentState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent to a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class IntentQuerySet(models.QuerySet["Intent"]):
    def to_send(self, moment: datetime, resend_after: timedelta) -> "IntentQuerySet":
        """Waiting and due, or sent so long ago that its worker must have died."""
        lost = Q(state=IntentState.SENT, sent_at__lt=moment - resend_after)
        return self.filter(Q(state=IntentState.WAITING, due_at__lte=moment) | lost).order_by("due_at", "id")

    def failed(self) -> "IntentQuerySet":
        return self.filter(state=IntentState.FAILED).order_by("-id")


class Intent(models.Model):
    """One job asked for by a service, in the transaction of its writes; a relay hands it to Celery.

    `dedup_key` makes asking twice harmless; the state makes running twice harmless. `sends` counts
    the times it was handed over since it last came back, `attempts` the failures. Retention: done ones are forgotten
    after 30 days, failed ones when retried. Erasure: `arguments` hold identifiers only, never a person's data.
    """

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    dedup_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=IntentState, default=IntentState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sends = models.PositiveSmallIntegerField(default=0, db_default=0)  # code of before writes its rows without it
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    objects = IntentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="intent_open", condition=Q(state__in=["waiting", "sent"])),
            models.Index(fields=["-id"], name="intent_failed", condition=Q(state="failed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "sent", "running"], finished_at__isnull=True),
                name="intent_finished_has_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk} ({self.state})"
