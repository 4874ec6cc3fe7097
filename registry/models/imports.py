"""Runs of import: what came in, what did not and why."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import StoredFile, keep_history
from core.models.audit import ActorKind
from organizations.models import Organization
from registry.models.system import AISystem
from registry.workflow import RowOutcome, RunKind, RunState


# What people chose and what became of it; the counts and recodings of each batch are told to the ledger at the end.
@keep_history(without=["created_count", "updated_count", "unchanged_count", "rejected_count", "recodings"])
class ImportRun(models.Model):
    """One file read into the register: a body's own inventory, or a register from elsewhere.

    Its counts never lie: they are written with the rows, in one transaction per batch. Retention: the file one year,
    the counts with the register.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="import_runs")
    register = models.CharField(max_length=10, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=RunState.PREPARING)
    mapping = models.JSONField(default=dict)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    recodings = models.JSONField(default=list)
    failure = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_by_ref = models.CharField(max_length=100)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(RunKind)), name="importrun_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(RunState)), name="importrun_state_known"),
            models.CheckConstraint(
                condition=Q(kind="inventory", organization__isnull=False, register="")
                | Q(Q(kind="register", organization__isnull=True), ~Q(register="")),
                name="importrun_of_body_or_register",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="importrun_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def actor_kind(self) -> str:
        return ActorKind.IMPORT

    @property
    def actor_ref(self) -> str:
        return str(self.uuid)


class ImportRow(models.Model):
    """One row of a file: of an inventory every row, of a register the rejected ones. Corrected rows are tried again.

    Retention: one year, with the file of its run.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    values = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, default=RowOutcome.WAITING)
    problems = models.JSONField(default=list)
    # What would become of it, as the preview shows it; the import looks again.
    plan_outcome = models.CharField(max_length=10, blank=True, default="", db_default="")
    plan_problems = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    system = models.ForeignKey(AISystem, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["run", "plan_outcome", "number"], name="importrow_planned")]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="importrow_number_once"),
            models.CheckConstraint(condition=Q(outcome__in=list(RowOutcome)), name="importrow_outcome_known"),
            models.CheckConstraint(condition=Q(plan_outcome__in=["", *RowOutcome]), name="importrow_plan_known"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"


@keep_history()
class ColumnMapping(models.Model):
    """What a column title means in the inventories of one body, as a person corrected it.

    Remembered for the next file. Retention: while the body uses Vigie.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="column_mappings")
    header = models.CharField(max_length=300)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["header"]
        constraints = [models.UniqueConstraint(fields=["organization", "header"], name="columnmapping_once")]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"
