"""A file that should not have come in: its drafts go away again, except those that somebody has made their own."""

from collections import Counter
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, ProtectedError, Q
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.outbox import ask
from core.services import NotPossibleNow
from organizations.models import Organization, User
from registry.models import AISystem, ImportRow, ImportRun, SystemGrant
from registry.services.imports.access import body_of, check_may_import, locked_run
from registry.services.imports.inventory_rows import check_alone
from registry.workflow import RowOutcome, RunKind, RunState, Status

TASK = "registry.tasks.imports.continue_undoing"
# As many drafts go while the person waits; more are a job, in parts, each with its own transaction.
AT_ONCE = 200
PART = 500

# Why a draft stays. What a room above made of it (a report) is known only when it refuses to be deleted.
DECLARED, EDITED, IN_USE = "declared", "edited", "in_use"


def undo_forecast(run: ImportRun) -> dict[str, int]:
    """How many drafts of this run would go, and how many stay and why: one query."""
    is_draft = Q(system__status=Status.DRAFT)
    is_as_made = Q(system__version=1, system__source_run=run.uuid)
    is_shared = Exists(SystemGrant.objects.filter(content_object=OuterRef("system")))
    found: dict[str, int] = (
        _created_rows(run)
        .annotate(is_shared=is_shared)
        .aggregate(
            deleted=Count("pk", filter=is_draft & is_as_made & Q(is_shared=False)),
            declared=Count("pk", filter=~is_draft),
            edited=Count("pk", filter=is_draft & ~is_as_made),
            in_use=Count("pk", filter=is_draft & is_as_made & Q(is_shared=True)),
        )
    )
    return found


def can_be_undone(run: ImportRun) -> bool:
    """An inventory whose rows came in, wholly or until it stopped, and that nobody undid yet."""
    has_ended = run.state in {RunState.DONE, RunState.FAILED}
    return run.kind == RunKind.INVENTORY and has_ended and run.created_count > 0 and run.undone_at is None


def is_being_undone(run: ImportRun) -> bool:
    return run.undone_at is not None and not run.mapping["undo"]["is_done"]


@transaction.atomic
def undo_inventory_import(*, run: ImportRun, by: User) -> ImportRun:
    """Take away the drafts that this run created and that are still as it made them. Rows, counts and history stay.

    Raises `NotPossibleNow` for a run that made none or was undone, and while another file of this body comes in.
    """
    body = Organization.objects.select_for_update().get(pk=body_of(run).pk)
    run = locked_run(run)
    check_may_import(by, run)
    if not can_be_undone(run):
        raise NotPossibleNow(_("This import cannot be undone: it made no draft, or it was undone already."))
    check_alone(body)
    run.undone_at, run.undone_by = clock.now(), by
    token = uuid4().hex  # of this asking: its jobs are not those of an asking that failed
    run.mapping = {**run.mapping, "undo": {"deleted": 0, "kept": {}, "is_done": False, "token": token}}
    run.save(update_fields=["undone_at", "undone_by", "mapping"])
    record(by=by, verb="undo_import", thing=run, organization=body, facts={"created": run.created_count})
    if run.created_count <= AT_ONCE:
        continue_undoing(run_key=run.pk, after=0, token=token)
        run.refresh_from_db()
    else:
        _ask_for_part(run, after=0)
    return run


@transaction.atomic
def continue_undoing(*, run_key: int, after: int, token: str) -> None:
    """One part of the drafts, then ask for the next: a worker that dies loses none and counts none twice."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    if not _is_asked_by(run, token):
        return
    undo = run.mapping["undo"]
    rows = list(_created_rows(run).filter(number__gt=after).order_by("number").values_list("number", "system")[:PART])
    kept = Counter(undo["kept"])
    deleted = _delete(run, [system for _number, system in rows], kept)
    is_done = len(rows) < PART
    now = undo | {"deleted": undo["deleted"] + deleted, "kept": dict(kept), "is_done": is_done}
    run.mapping = {**run.mapping, "undo": now}
    run.save(update_fields=["mapping"])
    if is_done:
        facts = {"deleted": now["deleted"], **{f"kept_{reason}": number for reason, number in kept.items()}}
        record(by=run, verb="finish_undoing", thing=run, organization=run.organization, facts=facts)
    else:
        _ask_for_part(run, after=rows[-1][0])


@transaction.atomic
def give_up_undoing(*, run_key: int, token: str) -> None:
    """The job failed for the last time: what it deleted stays deleted, and a person may ask for the rest again."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    if _is_asked_by(run, token):
        facts = {"deleted": run.mapping["undo"]["deleted"]}
        run.undone_at = run.undone_by = None
        run.save(update_fields=["undone_at", "undone_by"])
        record(by=run, verb="fail_undoing", thing=run, organization=run.organization, facts=facts)


def _is_asked_by(run: ImportRun, token: str) -> bool:
    return is_being_undone(run) and bool(run.mapping["undo"]["token"] == token)


def _created_rows(run: ImportRun) -> Any:
    return ImportRow.objects.filter(run=run, outcome=RowOutcome.CREATED, system__isnull=False)


def _delete(run: ImportRun, keys: list[int], kept: Counter[str]) -> int:
    """Under the lock of each draft: whoever edits one at this moment is before us or after us, never in between."""
    systems = list(AISystem.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    shared = set(SystemGrant.objects.filter(content_object__in=keys).values_list("content_object", flat=True))
    going: list[int] = []
    for system in systems:
        reason = _reason_to_keep(run, system, shared)
        if reason:
            kept[reason] += 1
        else:
            going.append(system.pk)
    try:
        with transaction.atomic():
            AISystem.objects.filter(pk__in=going).delete()
    except ProtectedError:
        return sum(_delete_one(key, kept) for key in going)
    return len(going)


def _delete_one(key: int, kept: Counter[str]) -> int:
    try:
        with transaction.atomic():
            AISystem.objects.filter(pk=key).delete()
    except ProtectedError:
        kept[IN_USE] += 1
        return 0
    return 1


def _reason_to_keep(run: ImportRun, system: AISystem, shared: set[int]) -> str:
    if system.status != Status.DRAFT:
        return DECLARED
    if system.version != 1 or system.source_run != run.uuid:
        return EDITED
    return IN_USE if system.pk in shared else ""


def _ask_for_part(run: ImportRun, *, after: int) -> None:
    token = run.mapping["undo"]["token"]
    ask(TASK, dedup_key=f"{TASK}:{run.pk}:{token}:{after}", run_key=run.pk, after=after, token=token)
