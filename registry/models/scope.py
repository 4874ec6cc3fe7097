"""Answers to «Suis-je visé ?»."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.workflow import ScopeResult


class ScopeAnswer(models.Model):
    """One time somebody asked whether their tool must be declared: the four answers and the result, kept as proof.

    `user` is empty when the person had not signed in. Retention: five years.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tool = models.CharField(max_length=200, blank=True)
    answers = models.JSONField()
    rules_version = models.CharField(max_length=20)
    result = models.CharField(max_length=10)
    asked_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="scope_answers"
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(result__in=list(ScopeResult)), name="scopeanswer_result_known")
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.asked_at:%Y-%m-%d}"
