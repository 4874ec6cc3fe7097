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
from organizations.permissions import Permission, keys_where
from registry.models.columns import line, link, many_codes, one_code, paragraph
from registry.models.solution import Solution
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
        drafts, declared = keys_where(user, Permission.READ_DRAFTS), keys_where(user, Permission.READ_DECLARED)
        today = clock.civil_date(clock.now())
        shared = SystemGrant.objects.filter(user_id=user.pk).in_force(today).values("content_object_id")
        return self.filter(
            Q(organization_id__in=drafts) | Q(organization_id__in=declared, status=Status.DECLARED) | Q(pk__in=shared)
        )

    def declared(self) -> "AISystemQuerySet":
        return self.filter(status=Status.DECLARED)

    def drafts(self) -> "AISystemQuerySet":
        return self.filter(status=Status.DRAFT)

    def in_use(self) -> "AISystemQuerySet":
        """Without the records that were put away."""
        return self.filter(put_away_at__isnull=True)


@keep_history(without=["sort_key"])
class AISystem(Versioned):
    """One AI system or project of one body. A person of the body declares it; from then on its number never changes.

    Texts are in French; the English twins are filled only where the body's language directive lets it publish in
    English. An empty column is an answer not given yet. `lead` is the person who keeps the record, whoever opened it;
    `put_away_*`: taken out of the lists («classé»), never erased. Retention: never erased once declared; an abandoned
    draft after two years.
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

    # purpose
    alternative_fr = paragraph(2000)
    alternative_en = paragraph(2000)
    proportionality_fr = paragraph(2000)
    proportionality_en = paragraph(2000)
    service_fr = line()
    service_en = line()
    service_url = link()
    life_events = many_codes()
    keywords_fr = line()
    keywords_en = line()

    # responsible
    accountable_function_fr = line()
    accountable_function_en = line()
    accountable_name = line()

    # people
    users = many_codes()
    volume = one_code()
    territory = many_codes()
    notice = one_code()
    notice_details_fr = paragraph(1500)
    notice_details_en = paragraph(1500)
    participation_fr = paragraph(1500)
    participation_en = paragraph(1500)

    # decision
    decision_role_fr = paragraph(2000)
    decision_role_en = paragraph(2000)
    affects_rights = one_code()
    solely_automated = one_code()
    legal_basis_fr = paragraph(2000)
    legal_basis_en = paragraph(2000)
    oversight_fr = paragraph(2000)
    oversight_en = paragraph(2000)
    training_fr = paragraph(1000)
    training_en = paragraph(1000)
    fallback_fr = paragraph(1000)
    fallback_en = paragraph(1000)
    departure_reason_fr = paragraph(1500)
    departure_reason_en = paragraph(1500)
    departure_accepted_by_fr = line()
    departure_accepted_on = models.DateField(null=True, blank=True)

    # data
    sensitive_information = many_codes()
    information_file_fr = line()
    data_access_fr = paragraph(1500)
    data_access_en = paragraph(1500)
    retention_fr = paragraph(1000)
    retention_en = paragraph(1000)
    data_quality_fr = paragraph(2000)
    data_quality_en = paragraph(2000)

    # model
    is_ai = one_code()
    technique = many_codes()
    how_it_works_fr = paragraph(5000)
    how_it_works_en = paragraph(5000)
    outputs_fr = paragraph(1000)
    outputs_en = paragraph(1000)
    model_name = line()
    supplier_country = one_code()
    source_code = one_code()
    source_code_url = link()
    source_code_reason_fr = line(400)
    source_code_reason_en = line(400)
    documentation_url = link()
    security_fr = paragraph(2000)

    # risks
    risks_fr = paragraph(3000)
    risks_en = paragraph(3000)
    harms = many_codes()
    mitigation_fr = paragraph(3000)
    mitigation_en = paragraph(3000)
    fairness_fr = paragraph(2000)
    fairness_en = paragraph(2000)
    environment_fr = paragraph(1000)
    environment_en = paragraph(1000)
    privacy_assessment = one_code()
    privacy_assessment_summary_fr = paragraph(3000)
    privacy_assessment_summary_en = paragraph(3000)
    impact_assessment = one_code()
    impact_assessment_summary_fr = paragraph(3000)
    impact_assessment_summary_en = paragraph(3000)

    # rights
    explanation_fr = paragraph(1500)
    explanation_en = paragraph(1500)

    # performance
    evaluation_fr = paragraph(2000)
    evaluation_en = paragraph(2000)
    monitoring_fr = paragraph(1500)
    monitoring_en = paragraph(1500)
    independent_review_fr = paragraph(1500)
    independent_review_en = paragraph(1500)
    lesson_fr = paragraph(2000)

    # cost
    cost_planned = one_code()
    cost_actual = one_code()
    contract_amount = models.PositiveIntegerField(null=True, blank=True)
    procurement = one_code()
    contract_reference = line(100)
    contract_url = link()
    contract_clauses_fr = paragraph(1500)

    # strategy
    strategy_objectives = many_codes()
    ecosystem_fr = paragraph(1000)
    ecosystem_en = paragraph(1000)

    # life
    planned_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    website_url = link()

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, null=True, related_name="systems")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    put_away_reason = line(400)

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
            models.Index(fields=["organization", "status", "put_away_at", "id"], name="aisystem_in_scope"),
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
            models.CheckConstraint(
                condition=Q(put_away_at__isnull=True, put_away_by__isnull=True, put_away_reason="")
                | Q(put_away_at__isnull=False, put_away_by__isnull=False) & ~Q(put_away_reason=""),
                name="aisystem_put_away_with_reason",
            ),
            models.CheckConstraint(condition=Q(affected__contained_by=list(Affected)), name="aisystem_affected_known"),
            known("phase", Phase, "aisystem_phase_known"),
            known("autonomy", Autonomy, "aisystem_autonomy_known"),
            known("personal_information", YesNoUnsure, "aisystem_personal_information_known"),
            known("origin", Origin, "aisystem_origin_known"),
            known("is_ai", YesNoUnsure, "aisystem_is_ai_known"),
            known("affects_rights", YesNoUnsure, "aisystem_affects_rights_known"),
            known("solely_automated", YesNoUnsure, "aisystem_solely_automated_known"),
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
