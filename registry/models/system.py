"""AI systems, from the idea to the retirement."""

import uuid
from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core import clock
from core.fields import SortKey
from core.models import Versioned, keep_history
from core.text import Localized, localized
from organizations.grants import ObjectGrant
from organizations.models import Organization, User
from organizations.permissions import Permission, organizations_where
from registry.workflow import Affected, Autonomy, Origin, Phase, Status, YesNoUnsure


def known(field: str, codes: type[StrEnum], name: str) -> models.CheckConstraint:
    """The column holds one of the codes, or nothing yet (a draft)."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": ["", *codes]}), name=name)


# The answers that a declaration asks for, those affected apart: a list. The catalogue says the same (tested).
MANDATORY = (
    "name_fr",
    "summary_fr",
    "need_fr",
    "unit_fr",
    "contact_email",
    "phase",
    "autonomy",
    "personal_information",
    "category",
    "benefit_fr",
    "origin",
)


def any_empty(fields: Iterable[str]) -> Q:
    """One of these texts holds nothing."""
    return reduce(or_, (Q(**{field: ""}) for field in fields))


class AISystemQuerySet(models.QuerySet["AISystem"]):
    def visible_to(self, user: User) -> "AISystemQuerySet":
        """What this person's functions let them see, and what somebody let them see by exception."""
        drafts = organizations_where(user, Permission.READ_DRAFTS).values("pk")
        declared = organizations_where(user, Permission.READ_DECLARED).values("pk")
        today = clock.civil_date(clock.now())
        shared = SystemGrant.objects.filter(user_id=user.pk).in_force(today).values("content_object_id")
        return self.filter(
            Q(organization__in=drafts) | Q(organization__in=declared, status=Status.DECLARED) | Q(pk__in=shared)
        )

    def declared(self) -> "AISystemQuerySet":
        return self.filter(status=Status.DECLARED)

    def drafts(self) -> "AISystemQuerySet":
        return self.filter(status=Status.DRAFT)


@keep_history(without=["sort_key"])
class AISystem(Versioned):
    """One AI system or project of one body. A person of the body declares it; from then on its number never changes.

    Texts are in French; the English twins are filled only where the body's language directive lets it publish in
    English. An empty column is an answer not given yet. Retention: never erased once declared; an abandoned draft
    after two years.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="systems")
    reference = models.CharField(max_length=30, unique=True, null=True)
    status = models.CharField(max_length=10, default=Status.DRAFT)

    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    summary_fr = models.CharField(max_length=400, blank=True)
    summary_en = models.CharField(max_length=400, blank=True)
    need_fr = models.TextField(max_length=3000, blank=True)
    need_en = models.TextField(max_length=3000, blank=True)
    unit_fr = models.CharField(max_length=200, blank=True)
    unit_en = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    phase = models.CharField(max_length=20, blank=True)
    affected = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    affected_details_fr = models.TextField(max_length=1000, blank=True)
    affected_details_en = models.TextField(max_length=1000, blank=True)
    autonomy = models.CharField(max_length=20, blank=True)
    personal_information = models.CharField(max_length=10, blank=True)
    data_description_fr = models.TextField(max_length=3000, blank=True)
    data_description_en = models.TextField(max_length=3000, blank=True)
    category = models.CharField(max_length=30, blank=True)
    benefit_fr = models.TextField(max_length=2000, blank=True)
    benefit_en = models.TextField(max_length=2000, blank=True)
    origin = models.CharField(max_length=10, blank=True)
    supplier = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(null=True, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(null=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    source_run = models.UUIDField(null=True, editable=False)
    sort_key = SortKey("name_fr")

    objects = AISystemQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        # Named for guardian, whose tables say which permission an exception gives.
        permissions = [("read_aisystem", "May read this system")]
        default_permissions = ()
        indexes = [
            models.Index(fields=["organization", "sort_key", "id"], name="aisystem_of_body"),
            # Whoever sees many bodies: the first page without sorting them all, their number without reading a row.
            models.Index(fields=["sort_key", "id"], name="aisystem_order"),
            models.Index(fields=["organization", "status", "id"], name="aisystem_scope"),
            models.Index(fields=["organization", "phase"], name="aisystem_phase_of_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name_fr=""), name="aisystem_has_name"),
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="aisystem_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft", reference__isnull=True, declared_at__isnull=True, declared_by__isnull=True)
                | Q(status="declared", reference__isnull=False, declared_at__isnull=False, declared_by__isnull=False),
                name="aisystem_declared_has_number",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~(Q(affected=[]) | any_empty(MANDATORY)),
                name="aisystem_declared_keeps_answers",
            ),
            models.CheckConstraint(condition=Q(affected__contained_by=list(Affected)), name="aisystem_affected_known"),
            known("phase", Phase, "aisystem_phase_known"),
            known("autonomy", Autonomy, "aisystem_autonomy_known"),
            known("personal_information", YesNoUnsure, "aisystem_personal_information_known"),
            known("origin", Origin, "aisystem_origin_known"),
        ]

    def __str__(self) -> str:
        return self.name_fr

    @property
    def name(self) -> Localized:
        return localized(self, "name")

    @property
    def is_declared(self) -> bool:
        return self.status == Status.DECLARED

    def value(self, field: str) -> Any:
        """The stored value of a field of the catalogue, by its code."""
        return getattr(self, field)


@keep_history()
class SystemGrant(ObjectGrant):
    """One person from elsewhere may read one system until a day (an expert, a partner, an auditor on a mission).

    Retention: with the system; one that ended is kept as proof.
    """

    content_object = models.ForeignKey(AISystem, on_delete=models.CASCADE, related_name="grants")
