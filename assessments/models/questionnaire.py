"""Questionnaires as they were released: one row for each version, for ever."""

from functools import lru_cache
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from assessments.questionnaires import Questionnaire, read_questionnaire
from core.models.base import never_emptied


class QuestionnaireVersion(models.Model):
    """One version of one instrument, copied whole from its file by `sync_questionnaires`; assessments are rendered and
    scored from this copy for ever. Never altered nor deleted: triggers refuse it. Retention: for ever (public record).
    """

    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    issued_on = models.DateField()
    added_at = models.DateTimeField()
    added_by_ref = models.CharField(max_length=100)

    class Meta:
        ordering = ["instrument", "-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "version"], name="questionnaireversion_once"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="questionnaireversion_digest_is_sha256"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}/{self.version}"


def questionnaire_of(key: int, digest: str) -> Questionnaire:
    """The version of this row, read once in each process: a version never changes."""
    return _read(key, digest)


@lru_cache(maxsize=64)
def _read(key: int, digest: str) -> Questionnaire:
    content: dict[str, Any] = QuestionnaireVersion.objects.values_list("content", flat=True).get(pk=key, digest=digest)
    return read_questionnaire(content)
