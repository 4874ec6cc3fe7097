"""Answers: one row for each question answered, with its whole history."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.guest import GuestAccess
from assessments.workflow import AnswerOrigin
from core.models import keep_history


@keep_history()
class Answer(models.Model):
    """One answer of one assessment. `value`: as `assessments/scoring/leaves.py` shapes it, null once emptied;
    `version`: that of the assessment by which it was written, so that any version can be read again from the history.

    Written while people type; who saved it last is a person of the body or an invited one (`guest`, and nobody else
    then). `guest_leaves`: path of each leaf that an invited person gave → for whom; the rest is the body's. The answer
    of a question that is not asked any more stays until submission. Retention: with its assessment.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=AnswerOrigin, default=AnswerOrigin.TYPED)
    origin_note = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    guest_leaves = models.JSONField(default=dict, db_default={})
    guest = models.ForeignKey(GuestAccess, on_delete=models.PROTECT, null=True, related_name="answers")

    class Meta:
        ordering = ["assessment", "question"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once_a_question"),
            models.CheckConstraint(condition=Q(origin__in=AnswerOrigin.values), name="answer_origin_known"),
            models.CheckConstraint(
                condition=Q(updated_at__isnull=False, updated_by__isnull=False, guest__isnull=True)
                | Q(updated_at__isnull=False, updated_by__isnull=True, guest__isnull=False),
                name="answer_by_one_person_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.question}"
