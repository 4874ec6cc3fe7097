"""The rows of an inventory become drafts: a hundred at once while the person waits, thousands by a job."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.outbox import ask
from core.services import InvalidInput, NotPossibleNow
from core.text import clean_text
from organizations.models import Organization, User
from registry.models import AISystem, ImportRow, ImportRun
from registry.services.imports.access import body_of, check_may_import, locked_run
from registry.services.imports.batches import write_in_batches
from registry.services.imports.inventory_file import file_problems
from registry.services.imports.inventory_plan import Planned, plan_rows
from registry.services.imports.inventory_preview import is_planned
from registry.services.imports.inventory_recodings import add_recodings, count_recodings
from registry.services.imports.runs import MOST_RECODINGS, count_outcomes, finish_run, problem_of
from registry.workflow import RowOutcome, RunKind, RunState

TASK = "registry.tasks.imports.continue_inventory"
# As many rows come in while the person waits; more are a job.
AT_ONCE = 200
PART = 1_000


@transaction.atomic
def start_inventory_import(*, run: ImportRun, by: User) -> ImportRun:
    """The person saw the preview and said yes. Raises `NotPossibleNow` while another file of this body comes in."""
    Organization.objects.select_for_update().get(pk=body_of(run).pk)
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING or not run.mapping.get("is_confirmed"):
        raise NotPossibleNow(_("This import was started already, or its columns are not chosen yet."))
    if not is_planned(run):
        raise NotPossibleNow(_("The preview is still being prepared. Wait until you have seen it, then import."))
    check_alone(body_of(run))
    run.state, run.started_by, run.started_by_ref = RunState.RUNNING, by, by.actor_ref
    run.save(update_fields=["state", "started_by", "started_by_ref"])
    record(by=by, verb="start_import", thing=run, organization=run.organization, facts={"rows": run.mapping["rows"]})
    if run.mapping["rows"] <= AT_ONCE:
        continue_inventory_import(run_key=run.pk)
        run.refresh_from_db()
    else:
        _ask_for_part(run.pk, after=0)
    return run


def check_alone(body: Organization) -> None:
    """One file of a body at a time comes in or is undone, under the lock of the body: two would make the same system
    twice, or find a draft that is going away.
    """
    coming = Q(state=RunState.RUNNING)
    going = Q(undone_at__isnull=False, mapping__undo__is_done=False)
    if ImportRun.objects.filter(coming | going, organization=body, kind=RunKind.INVENTORY).exists():
        raise NotPossibleNow(_("Another file of this body is coming in. Wait until it is done, then start this one."))


@transaction.atomic
def continue_inventory_import(*, run_key: int) -> None:
    """One part of the rows that wait, then ask for the next: a worker that dies loses no row and repeats none."""
    last = bring_in_part(run_key=run_key)
    if last is not None:
        _ask_for_part(run_key, after=last)


@transaction.atomic
def bring_in_part(*, run_key: int) -> int | None:
    """The number of the last row of this part; nothing when the file is done."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    if run.state != RunState.RUNNING:
        return None
    rows = list(run.rows.filter(outcome=RowOutcome.WAITING).order_by("number")[:PART])
    bring_in(run, plan_rows(run, rows, problems={row.number: file_problems(row) for row in rows}))
    if len(rows) == PART:
        return rows[-1].number
    came_in = run.rows.exclude(outcome=RowOutcome.REJECTED).order_by("number")
    finish_run(run, recodings=count_recodings(run, came_in.iterator(chunk_size=PART)))
    return None


@transaction.atomic
def retry_row(*, row: ImportRow, cells: Mapping[str, str], by: User) -> ImportRow:
    """A person corrected a row that stayed out: read it again. What they typed is kept, whatever comes of it."""
    run = locked_run(row.run)
    check_may_import(by, run)
    row = ImportRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if run.undone_at is not None:
        raise NotPossibleNow(_("This import was undone: hand in the corrected file."))
    if run.state != RunState.DONE or row.outcome != RowOutcome.REJECTED:
        raise NotPossibleNow(_("This row came in already: correct its draft in the register."))
    if not set(cells) <= set(row.cells):
        raise InvalidInput(_("This row has other columns: open it again from the list."))
    row.cells = {**row.cells, **{header: clean_text(text) for header, text in cells.items()}}
    # The person read the row on the page: what the file spoiled in it no longer counts.
    bring_in(run, plan_rows(run, [row], problems={}), by=by)
    row.refresh_from_db()
    if row.outcome != RowOutcome.REJECTED:
        run.recodings = add_recodings(run, row)[:MOST_RECODINGS]
        run.save(update_fields=["recodings"])
    facts = {"row": row.number, "outcome": str(row.outcome)}
    record(by=by, verb="retry_row", thing=run, organization=run.organization, facts=facts)
    return row


def bring_in(run: ImportRun, planned: Sequence[Planned], *, by: User | None = None) -> None:
    """Do what was planned: drafts, rows and counts together, in the transaction of their batch."""
    author = by or run.started_by
    if author is None:
        raise ValueError("An inventory is imported by a person.")

    def write(batch: Sequence[Planned]) -> None:
        _write(run, batch, author)

    def refuse(one: Planned) -> None:
        one.row.system = None
        _note_rows(run, [Planned(one.row, one.values, [problem_of("database_refused")], RowOutcome.REJECTED)])

    write_in_batches(planned, write=write, refuse=refuse)


def _ask_for_part(run_key: int, *, after: int) -> None:
    ask(TASK, dedup_key=f"{TASK}:{run_key}:{after}", run_key=run_key)


def _write(run: ImportRun, batch: Sequence[Planned], author: User) -> None:
    moment = clock.now()
    for one in batch:
        one.row.system = one.system
        if one.outcome == RowOutcome.CREATED:
            one.row.system = AISystem(
                organization=body_of(run),
                created_at=moment,
                created_by=author,
                lead=author,
                updated_at=moment,
                updated_by=author,
                source_run=run.uuid,
                **one.answers,
            )
    AISystem.objects.bulk_create(
        [one.row.system for one in batch if one.outcome == RowOutcome.CREATED and one.row.system is not None]
    )
    _note_rows(run, [_renew(run, one, author) if one.outcome == RowOutcome.UPDATED else one for one in batch])


def _renew(run: ImportRun, one: Planned, author: User) -> Planned:
    """The draft as its file says it now, unless a person opened it since the plan was made."""
    planned = one.system
    if planned is None:
        raise ValueError("Only a known system is renewed.")
    system = AISystem.objects.select_for_update(of=("self",)).get(pk=planned.pk)
    if system.version != planned.version:
        problems = [*one.problems, problem_of("kept_as_edited")]
        return Planned(one.row, one.values, problems, RowOutcome.UNCHANGED, system)
    for code, value in one.answers.items():
        setattr(system, code, value)
    system.version += 1
    system.updated_at, system.updated_by, system.source_run = clock.now(), author, run.uuid
    system.save()
    return one


def _note_rows(run: ImportRun, batch: Sequence[Planned]) -> None:
    """What became of each row; a row that was rejected before is counted anew."""
    moved: Counter[RowOutcome] = Counter()
    for one in batch:
        moved[one.outcome] += 1
        if one.row.outcome != RowOutcome.WAITING:
            moved[RowOutcome(one.row.outcome)] -= 1
    rows = [_noted(one) for one in batch]
    # The rows are there: this always updates, ten times faster than `bulk_update`.
    changed = ["cells", "values", "problems", "outcome", "system"]
    ImportRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=changed)
    count_outcomes(run, moved)


def _noted(one: Planned) -> ImportRow:
    return ImportRow(
        pk=one.row.pk,
        run_id=one.row.run_id,
        number=one.row.number,
        cells=one.row.cells,
        values=one.values,
        problems=one.problems,
        outcome=one.outcome,
        system=one.row.system,
    )
