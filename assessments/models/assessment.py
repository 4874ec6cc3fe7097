"""Assessments of systems: who fills in which version of which instrument, and where it stands."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower

from assessments.models.questionnaire import QuestionnaireVersion, questionnaire_of
from assessments.questionnaires import DEPTHS, Questionnaire
from assessments.workflow import OPEN, AssessmentState
from core.fields import Unaccent
from core.models import Versioned, keep_history
from organizations.models import Organization, User
from organizations.permissions import Permission, keys_where
from registry.models import AISystem

MOST_WORDS = 8


def words_of_system(text: str) -> Q:
    """Every word stands somewhere in the name or the number of the system, whatever its accents and capitals."""
    found = Q()
    for word in text.split()[:MOST_WORDS]:
        in_name = Q(system__sort_key__contains=Lower(Unaccent(Value(word))))
        found &= in_name | Q(system__reference__icontains=word)
    return found


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> "AssessmentQuerySet":
        """Working papers of a body: for those who read its drafts."""
        return self.filter(organization_id__in=keys_where(user, Permission.READ_DRAFTS))

    def open(self) -> "AssessmentQuerySet":
        return self.filter(state__in=OPEN)

    def of(self, instrument: str) -> "AssessmentQuerySet":
        return self.filter(instrument=instrument)

    def with_words(self, text: str) -> "AssessmentQuerySet":
        return self.filter(words_of_system(text))

    def with_what_it_needs(self) -> "AssessmentQuerySet":
        """What every page of an assessment reads, without the questionnaire itself (`questionnaire` is kept in
        memory).
        """
        joined = self.select_related("system", "system__organization", "organization", "version_asked", "case")
        return joined.defer("version_asked__content")


# What each autosave moves is told by the history of the answers.
@keep_history(without=["version", "done", "required", "level", "updated_at", "updated_by"])
class Assessment(Versioned):
    """One assessment of one system by one version of one instrument. Opened and filled in by people of the body; from
    its decision on it never changes, a newer one replaces it. `version` numbers its saves.

    `depth`: what a person chose; empty: as recommended. `screened`: answers of the last concluded screening of its
    system, followed while it is open. `done`, `required`, `level`: counted anew at each save, for lists. `previous`:
    the one that it was copied from. Retention: with its system; the body's calendar.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="assessments")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="assessments")
    version_asked = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    depth = models.CharField(max_length=10, blank=True)
    depth_reason = models.CharField(max_length=1000, blank=True)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next_ones")
    case = models.ForeignKey("review.Case", on_delete=models.PROTECT, null=True, related_name="+")
    screened = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    required = models.PositiveIntegerField(default=0)
    level = models.CharField(max_length=40, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "state", "-id"], name="assessment_of_body"),
            models.Index(fields=["system", "instrument", "-id"], name="assessment_of_system"),
            # Each save pays 0.2 ms for it; without it whoever reads 50,000 waits 35 ms more for each page of the list.
            models.Index(fields=["-updated_at", "-id"], name="assessment_latest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AssessmentState.values), name="assessment_state_known"),
            models.CheckConstraint(condition=Q(depth__in=["", *DEPTHS]), name="assessment_depth_known"),
            # Two drafts of one assessment would each hold half of the answers.
            models.UniqueConstraint(
                fields=["system", "instrument"],
                condition=Q(state__in=["draft", "submitted"]),
                name="assessment_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(case__isnull=False), name="assessment_submitted_has_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="assessment_withdrawn_says_why"
            ),
            models.CheckConstraint(condition=~Q(previous=F("pk")), name="assessment_not_its_own_previous"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} – {self.system_id}"

    @property
    def questionnaire(self) -> Questionnaire:
        """By which it is rendered and scored, for ever."""
        return questionnaire_of(self.version_asked_id, self.version_asked.digest)

    @property
    def is_open(self) -> bool:
        """It may still be written in."""
        return self.state == AssessmentState.DRAFT

    def values(self) -> dict[str, Any]:
        """Question → its answer as stored, one query; hidden ones too."""
        rows = self.answers.order_by("question").values_list("question", "value")
        return {question: value for question, value in rows if value is not None}


@keep_history()
class Assignment(models.Model):
    """One section of one assessment entrusted to one person of the body, with a day or without. Given by whoever may
    write in the assessment; another person takes its place. Retention: with its assessment.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="assignments")
    section = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["assessment", "section"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section"], name="assignment_one_person_a_section"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.section}"
