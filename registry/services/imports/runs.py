"""The run of an import: opened, counted as its rows come in, finished or failed."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from core import clock
from core.audit import Actor, record
from core.files import UnsafeFile, plain_name, store
from core.models.stored_file import Retention
from organizations.models import Organization, User
from registry.models import ImportRow, ImportRun
from registry.standards.tabular import UnreadableFile
from registry.workflow import RowOutcome, RunKind, RunState

# The report of a run stays a page; beyond, the rarest recodings are counted and not listed.
MOST_RECODINGS = 1_000
NOT_KEPT = {"file_too_large", "zip_bomb", "unsafe_file"}


@dataclass(frozen=True)
class Reject:
    """A row that stays out: where it is, what stood in it and why."""

    number: int
    cells: Mapping[str, str]
    problem: Mapping[str, Any]


@transaction.atomic
def open_run(
    *,
    kind: RunKind,
    content: bytes,
    file_name: str,
    by: Actor,
    organization: Organization | None = None,
    register: str = "",
    state: RunState = RunState.PREPARING,
    keeps_file: bool = True,
) -> ImportRun:
    """Keep the file one year as proof of what came in, open its run, and tell the ledger who ordered it.

    A file is outside the database: what will be undone (`keeps_file=False`) must not write it.
    """
    run = ImportRun(
        kind=kind,
        organization=organization,
        register=register,
        file_name=plain_name(file_name),
        state=state,
        started_at=clock.now(),
        started_by=by if isinstance(by, User) else None,
        started_by_ref=by.actor_ref,
    )
    if keeps_file:
        run.file = store(content=content, name=file_name, retention=Retention.IMPORT, by=by, organization=organization)
    run.save(force_insert=True)
    facts = {"sha256": hashlib.sha256(content).hexdigest()} | ({"register": register} if register else {})
    record(by=by, verb=f"import_{kind}", thing=run, organization=organization, facts=facts)
    return run


def count_outcomes(run: ImportRun, outcomes: Counter[RowOutcome]) -> None:
    """Add to the counts of the run, in the transaction that writes the rows."""
    ImportRun.objects.filter(pk=run.pk).update(
        **{f"{outcome}_count": F(f"{outcome}_count") + count for outcome, count in outcomes.items()}
    )


def reject_rows(run: ImportRun, rejects: Sequence[Reject]) -> None:
    """Keep rows that stay out, in the transaction of their count."""
    rows = [
        ImportRow(
            run=run, number=each.number, cells=dict(each.cells), outcome=RowOutcome.REJECTED, problems=[each.problem]
        )
        for each in rejects
    ]
    ImportRow.objects.bulk_create(rows)
    if rows:
        count_outcomes(run, Counter({RowOutcome.REJECTED: len(rows)}))


@transaction.atomic
def finish_run(run: ImportRun, *, recodings: list[dict[str, Any]]) -> None:
    """Everything of the file was read. The run itself tells the ledger what came in."""
    run.refresh_from_db()
    run.state, run.finished_at, run.recodings = RunState.DONE, clock.now(), recodings[:MOST_RECODINGS]
    run.save(update_fields=["state", "finished_at", "recodings"])
    record(by=run, verb="finish_import", thing=run, organization=run.organization, facts=counts_of(run))


@transaction.atomic
def fail_run(
    run: ImportRun, code: str, params: Mapping[str, str | int] | None = None, *, by: Actor | None = None
) -> None:
    """The import stopped. The code of its sentence and what fills it are kept; what came in stays, and is counted."""
    run.refresh_from_db()
    run.state, run.finished_at, run.failure = RunState.FAILED, clock.now(), code
    run.mapping = {**run.mapping, "failure": dict(params or {})}
    run.save(update_fields=["state", "finished_at", "failure", "mapping"])
    record(by=by or run, verb="fail_import", thing=run, organization=run.organization, facts={"reason": code})


@transaction.atomic
def note_refused_file(refusal: UnreadableFile, *, content: bytes, **opening: Any) -> ImportRun:
    """A command was given a file that cannot come in: a stopped run says which and why, as the page's does.

    The file is kept as proof, unless it was cut for its size or is one that nobody should open.
    """
    is_kept = bool(content) and refusal.code not in NOT_KEPT
    try:
        run = open_run(content=content, keeps_file=is_kept, **opening)
    except UnsafeFile:
        run = open_run(content=content, keeps_file=False, **opening)
    fail_run(run, refusal.code, refusal.params, by=opening["by"])
    return run


@transaction.atomic
def give_up_run(*, run_key: int) -> None:
    """Its job failed for the last time: whoever waits for it must not wait for ever."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_key)
    if run.state in {RunState.PREPARING, RunState.RUNNING}:
        fail_run(run, "interrupted")


@transaction.atomic
def note_rejects_export(*, run: ImportRun, rows: int, by: User) -> None:
    """A person took the rows that stayed out away: it stands in the ledger."""
    record(by=by, verb="export", thing=run, organization=run.organization, facts={"rows": rows, "format": "csv"})


def problem_of(
    reason: str, *, field: str = "", value: str = "", params: Mapping[str, str | int] | None = None
) -> dict[str, Any]:
    """A problem as rows keep it: where in the row, a stable code, what stood there, what fills its sentence."""
    return {"field": field, "reason": reason, "value": value, "params": dict(params or {})}


def counts_of(run: ImportRun) -> dict[str, int]:
    return {
        "created": run.created_count,
        "updated": run.updated_count,
        "unchanged": run.unchanged_count,
        "rejected": run.rejected_count,
    }
