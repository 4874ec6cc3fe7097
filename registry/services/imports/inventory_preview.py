"""What would come in, planned once and kept with the rows: a page of the preview reads no more rows than it shows."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from core.audit import record
from core.outbox import ask
from core.services import InvalidInput, NotPossibleNow
from organizations.models import User
from registry.models import AISystem, ImportRow, ImportRun
from registry.services.imports.access import body_of, check_may_import, locked_run
from registry.services.imports.inventory_columns import (
    EXTERNAL_ID,
    NAME,
    NOT_IMPORTED,
    Columns,
    importable_fields,
    remember_columns,
)
from registry.services.imports.inventory_file import file_problems
from registry.services.imports.inventory_plan import Planned, plan_rows
from registry.services.imports.inventory_recodings import count_recodings
from registry.services.imports.runs import MOST_RECODINGS
from registry.workflow import RowOutcome, RunState

TASK = "registry.tasks.imports.plan_inventory"
# As many rows are planned while the person waits; more are a job, in parts, each with its own transaction.
AT_ONCE = 200
PART = 1_000


@transaction.atomic
def map_columns(*, run: ImportRun, columns: Columns, by: User) -> ImportRun:
    """Say what each column holds; a choice that is not what Vigie would have guessed is remembered.

    What would come in is then planned anew. Raises `InvalidInput` when no column holds the name, or when two hold the
    same field.
    """
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING or "headers" not in run.mapping:
        raise NotPossibleNow(_("The columns of this file can no longer be changed: its rows were imported."))
    chosen = {header: columns.get(header, NOT_IMPORTED) for header in run.mapping["headers"]}
    check_columns(run, chosen)
    remember_columns(run, chosen)
    run.mapping = {**run.mapping, "columns": chosen, "is_confirmed": True}
    used = sorted(field for field in chosen.values() if field)
    record(by=by, verb="map_columns", thing=run, organization=run.organization, facts={"fields": used})
    _begin_plan(run)
    return run


@transaction.atomic
def plan_again(*, run: ImportRun, by: User) -> ImportRun:
    """The register changed since the preview was made: make it again, with the same columns."""
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING or not run.mapping.get("is_confirmed"):
        raise NotPossibleNow(_("This import was started already, or its columns are not chosen yet."))
    _begin_plan(run)
    return run


@transaction.atomic
def plan_inventory(*, run_key: int, token: str, after: int) -> None:
    """One part of the file, then ask for the next. Columns chosen meanwhile have another token: this plan stops."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    plan = run.mapping.get("plan", {})
    if run.state != RunState.PREPARING or plan.get("token") != token:
        return
    rows = list(run.rows.filter(number__gt=after).order_by("number")[:PART])
    _note_plan(plan_rows(run, rows, problems={row.number: file_problems(row) for row in rows}))
    is_done = len(rows) < PART
    run.mapping = {**run.mapping, "plan": {**plan, "rows": plan["rows"] + len(rows), "is_done": is_done}}
    if is_done:
        would_come_in = run.rows.exclude(plan_outcome=RowOutcome.REJECTED).order_by("number")
        run.recodings = count_recodings(run, would_come_in.iterator(chunk_size=PART))[:MOST_RECODINGS]
    else:
        _ask_for_part(run, after=rows[-1].number)
    run.save(update_fields=["mapping", "recodings"])


def is_planned(run: ImportRun) -> bool:
    """The preview of the whole file is there."""
    return bool(run.mapping.get("is_confirmed")) and bool(run.mapping.get("plan", {}).get("is_done"))


def is_being_planned(run: ImportRun) -> bool:
    return run.state == RunState.PREPARING and not run.mapping.get("plan", {}).get("is_done", True)


def is_stale(run: ImportRun) -> bool:
    """A system of the body was made, edited or deleted since the preview was made. The import looks again anyway."""
    return bool(run.mapping["plan"]["register"] != _register_now(run))


def plan_counts(run: ImportRun) -> dict[str, int]:
    """How many rows would become what, in one query."""
    outcomes = {str(code): Count("pk", filter=Q(plan_outcome=code)) for code in RowOutcome if code != "waiting"}
    found: dict[str, int] = run.rows.aggregate(
        all=Count("pk"), doubts=Count("pk", filter=~Q(plan_problems=[])), **outcomes
    )
    return found


def check_columns(run: ImportRun, chosen: Columns) -> None:
    """Each field once, of those this body may fill, the name among them."""
    allowed = {field.code for field in importable_fields(body_of(run))} | {EXTERNAL_ID}
    used = [field for field in chosen.values() if field]
    if not set(used) <= allowed:
        raise InvalidInput(_("Choose a field of the list for each column."))
    if len(set(used)) < len(used):
        raise InvalidInput(_("Two columns hold the same field: keep one of them."))
    if NAME not in used:
        raise InvalidInput(_("Say which column holds the name of the system: without a name nothing can come in."))


def _begin_plan(run: ImportRun) -> None:
    token = uuid4().hex
    plan = {"token": token, "rows": 0, "is_done": False, "register": _register_now(run)}
    run.mapping = {**run.mapping, "plan": plan}
    run.recodings = []
    run.save(update_fields=["mapping", "recodings"])
    if run.mapping["rows"] <= AT_ONCE:
        plan_inventory(run_key=run.pk, token=token, after=0)
        run.refresh_from_db(fields=["mapping", "recodings"])
    else:
        _ask_for_part(run, after=0)


def _ask_for_part(run: ImportRun, *, after: int) -> None:
    token = run.mapping["plan"]["token"]
    ask(TASK, dedup_key=f"{TASK}:{run.pk}:{token}:{after}", run_key=run.pk, token=token, after=after)


def _register_now(run: ImportRun) -> dict[str, Any]:
    """Changes whenever a system of this body is made, edited or deleted: versions only grow."""
    systems = AISystem.objects.filter(organization=run.organization)
    return systems.aggregate(systems=Count("pk"), versions=Sum("version"), latest=Max("pk"))


def _note_plan(planned: Sequence[Planned]) -> None:
    """The rows wait on: what came of them is told by `outcome`, what would come by `plan_outcome`."""
    for one in planned:
        one.row.values, one.row.plan_problems, one.row.plan_outcome = one.values, one.problems, one.outcome
    # The rows are there: this always updates, ten times faster than `bulk_update`.
    ImportRow.objects.bulk_create(
        [one.row for one in planned],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["values", "plan_problems", "plan_outcome"],
    )
