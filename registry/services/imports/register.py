"""A register from elsewhere comes in: at once for the command, by parts for a job."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor
from core.files import UnsafeFile
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, created_once
from organizations.models import User
from registry import permissions
from registry.models import ImportRun
from registry.services.imports.access import stored_file
from registry.services.imports.batches import write_in_batches
from registry.services.imports.foreign_systems import keep_foreign_systems
from registry.services.imports.messages import sentence_for, unknown_register
from registry.services.imports.registers import SOURCES, ReadFile, Source, document_of, read_register
from registry.services.imports.runs import (
    Reject,
    count_outcomes,
    counts_of,
    fail_run,
    finish_run,
    note_refused_file,
    open_run,
    problem_of,
    reject_rows,
)
from registry.standards.foreign import Accepted, ParsedRow, Rejected, count_recodings
from registry.standards.tabular import UnreadableFile
from registry.workflow import RowOutcome, RunKind, RunState

TASK = "registry.tasks.imports.continue_register"
# Rows of one job; each job is one transaction, so this is also what a page sees the counts grow by.
PART = 2_000
_LONGEST_NAME = 1_000


@dataclass(frozen=True)
class RegisterResult:
    """What became of a file. `run` is empty when it was only tried."""

    counts: dict[str, int]
    reasons: list[dict[str, Any]]
    recodings: list[dict[str, Any]]
    run: ImportRun | None


def import_register(
    *, register: str, content: bytes, file_name: str, by: Actor, dry_run: bool = False
) -> RegisterResult:
    """Bring in a whole file now. A dry run does the same and undoes it all.

    Raises `UnreadableFile` for a file that is not this register: its run is kept, stopped, and nothing else.
    """
    _check_known(register)
    try:
        read = read_register(register, content, file_name)
        if not dry_run:
            return _bring_in(read, content=content, file_name=file_name, by=by)
    except UnreadableFile as refusal:
        if not dry_run:
            opening = {"kind": RunKind.REGISTER, "register": register, "file_name": file_name, "by": by}
            note_refused_file(refusal, content=content, **opening)
        raise
    with transaction.atomic():
        result = _bring_in(read, content=content, file_name=file_name, by=by, keeps_file=False)
        transaction.set_rollback(True)
    return replace(result, run=None)


@transaction.atomic
def order_register_import(*, register: str, content: bytes, file_name: str, by: User, request_key: UUID) -> ImportRun:
    """Keep the file and ask for a job that brings it in; the run tells how far it is."""
    if not permissions.can_import_register(by):
        raise NotAllowed(_("Your functions do not let you import a register from elsewhere."))
    _check_known(register)

    def create() -> ImportRun:
        run = open_run(kind=RunKind.REGISTER, register=register, content=content, file_name=file_name, by=by)
        _ask_for_part(run, start=0)
        return run

    try:
        return created_once(key=request_key, by=by, model=ImportRun, create=create)
    except UnsafeFile as refusal:
        raise InvalidInput(sentence_for("unsafe_file"), field="file") from refusal


@transaction.atomic
def continue_register_import(*, run_key: int, start: int) -> None:
    """One part of the file, then ask for the next: a worker that dies loses no row and repeats none."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("file").get(pk=run_key)
    if run.file is None or run.state not in {RunState.PREPARING, RunState.RUNNING}:
        return
    try:
        read = read_stored(run)
    except UnreadableFile as refusal:
        fail_run(run, refusal.code, refusal.params)
        return
    run.state = RunState.RUNNING
    run.save(update_fields=["state"])
    keep_rows(run, read, read.parsed[start : start + PART])
    if start + PART < len(read.parsed):
        _ask_for_part(run, start=start + PART)
    else:
        finish_run(run, recodings=_recodings(run, read))


def read_stored(run: ImportRun) -> ReadFile:
    """The file of a run, as it was kept."""
    with stored_file(run).content.open("rb") as file:
        return read_register(run.register, file.read(), run.file_name)


def _check_known(register: str) -> None:
    if register not in SOURCES:
        raise InvalidInput(unknown_register(register), field="register")


def _ask_for_part(run: ImportRun, *, start: int) -> None:
    ask(TASK, dedup_key=f"{TASK}:{run.pk}:{start}", run_key=run.pk, start=start)


def _bring_in(read: ReadFile, *, content: bytes, file_name: str, by: Actor, keeps_file: bool = True) -> RegisterResult:
    try:
        run = open_run(
            kind=RunKind.REGISTER,
            register=read.source.register.code,
            content=content,
            file_name=file_name,
            by=by,
            state=RunState.RUNNING,
            keeps_file=keeps_file,
        )
    except UnsafeFile as refusal:
        raise UnreadableFile("unsafe_file") from refusal
    try:
        keep_rows(run, read, read.parsed)
        recodings = _recodings(run, read)
        finish_run(run, recodings=recodings)
    except Exception:
        # Whole batches came in and are counted; the rest did not. A second run finishes the work.
        fail_run(run, "interrupted")
        raise
    return RegisterResult(counts_of(run), reasons_of(run), recodings, run)


def keep_rows(run: ImportRun, read: ReadFile, part: Sequence[ParsedRow]) -> None:
    """Rejected rows with their reasons, the others as records; rows and counts together."""
    moment = clock.now()

    def reject(refused: Rejected) -> Reject:
        return Reject(refused.row, read.cells.get(refused.row, {}), told(refused))

    def write(rows: Sequence[ParsedRow]) -> None:
        reject_rows(run, [reject(row) for row in rows if isinstance(row, Rejected)])
        accepted = [row for row in rows if isinstance(row, Accepted)]
        if accepted:
            count_outcomes(run, keep_records(accepted, read.source, moment=moment))

    def refuse(row: ParsedRow) -> None:
        reject_rows(run, [reject(Rejected(row.row, "", "database_refused", ""))])

    write_in_batches([within_limits(row) for row in part], write=write, refuse=refuse)


def keep_records(accepted: Sequence[Accepted], source: Source, *, moment: datetime) -> Counter[RowOutcome]:
    """What became of each accepted row. One transaction, the caller's."""
    documents = [document_of(row.record, source) for row in accepted]
    unsaid = [row.unsaid for row in accepted]
    return keep_foreign_systems(documents, moment=moment, today=clock.civil_date(moment), unsaid=unsaid)


def told(refused: Rejected) -> dict[str, Any]:
    """Why a row stays out, as rows keep it."""
    return problem_of(refused.reason, field=refused.field, value=refused.value, params=refused.params)


def within_limits(row: ParsedRow) -> ParsedRow:
    """A name is a line, not a page: beyond a thousand characters the row is damaged."""
    if isinstance(row, Accepted):
        for field, texts in (("name", row.record.names), ("organization", row.record.organization)):
            for text in texts.values():
                if len(text) > _LONGEST_NAME:
                    limit = {"limit": _LONGEST_NAME}
                    return Rejected(row.row, field, "text_too_long", text[:80], row.record.source_id, limit)
    return row


def reasons_of(run: ImportRun) -> list[dict[str, Any]]:
    """Row, field and reason of each problem of the rows that stayed out."""
    rows = run.rows.filter(outcome=RowOutcome.REJECTED).values_list("number", "problems")
    return [{"row": number, **problem} for number, problems in rows for problem in problems]


def _recodings(run: ImportRun, read: ReadFile) -> list[dict[str, Any]]:
    """Counted over what came in, not over what the file held."""
    out = set(run.rows.filter(outcome=RowOutcome.REJECTED).order_by().values_list("number", flat=True))
    return count_recodings(row for row in read.parsed if row.row not in out)
