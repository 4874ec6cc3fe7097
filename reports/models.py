"""Stored PDF reports."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import IntegerField, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from assessments.models import Assessment
from core.models import StoredFile, keep_history
from organizations.models import Organization, User
from organizations.permissions import Permission, keys_where, organizations_where
from registry.models import AISystem
from reports.workflow import ReportKind, ReportState


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """Those of the bodies where this person makes reports, about systems that this person sees.

        A report on a draft, or on an assessment, stays with those who read the working papers of the body.
        """
        bodies = organizations_where(user, Permission.MAKE_REPORT).values("pk")
        systems = AISystem.objects.visible_to(user).values("pk")
        papers = Q(assessment__isnull=True) | Q(organization__in=keys_where(user, Permission.READ_DRAFTS))
        return self.filter(Q(organization__in=bodies) & (Q(system__isnull=True) | Q(system__in=systems)) & papers)

    def with_what_is_told(self) -> "ReportQuerySet":
        """Of the content, which may be long, its digest alone, and which submission of an assessment it reproduces."""
        joined = self.select_related("organization", "system", "assessment", "file").defer("content", "html")
        return joined.annotate(
            content_digest=Coalesce(KT("content__digest"), KT("content__sheet__digest")),
            submission=Cast(NullIf(KT("content__version"), Value("")), IntegerField()),
        )


@keep_history()
class Report(models.Model):
    """One document asked for by a person and made by a worker from content frozen at that moment.

    Once ready it never changes; asking again makes another. Retention: the body's calendar.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=ReportKind)
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, null=True, related_name="reports")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, related_name="reports")
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=2, default="fr")
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    html = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, made_at__isnull=False)
                | Q(state__in=["requested", "failed"], file__isnull=True),
                name="report_ready_has_file",
            ),
            models.CheckConstraint(
                condition=Q(kind="assessment", assessment__isnull=False)
                | ~Q(kind="assessment") & Q(assessment__isnull=True),
                name="report_assessment_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == ReportState.FAILED
