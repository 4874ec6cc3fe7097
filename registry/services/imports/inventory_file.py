"""A body hands in its inventory: read once, its rows kept as they stand until a person has said what they mean."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.files import UnsafeFile
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, NotPossibleNow, created_once
from organizations.models import Organization, User
from registry import permissions
from registry.models import ImportRow, ImportRun
from registry.services.imports.access import body_of, check_may_import, locked_run, stored_file
from registry.services.imports.batches import BATCH
from registry.services.imports.inventory_columns import SAMPLES, propose_columns
from registry.services.imports.messages import sentence_for
from registry.services.imports.runs import fail_run, open_run, problem_of
from registry.services.systems import check_open
from registry.standards.inventory import KNOWN_HEADERS
from registry.standards.tabular import Problem, Table, UnreadableFile, read_table
from registry.standards.words import fold
from registry.workflow import RunKind, RunState

READ_TASK = "registry.tasks.imports.read_inventory"
# Above it (some 2,000 rows of a workbook) a job reads the file; the page says so and waits.
READ_AT_ONCE = 100_000


@transaction.atomic
def order_inventory_import(
    *, organization: Organization, content: bytes, file_name: str, by: User, request_key: UUID
) -> ImportRun:
    """Open a run for this file. Nothing enters the register before a person has seen what would.

    Raises `InvalidInput` for a small file that cannot be read; a large one fails in its job, and its run says why.
    """
    if not permissions.can_import_inventory(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you import its inventory."))
    check_open(organization)
    try:
        table = read_file(content, file_name) if len(content) <= READ_AT_ONCE else None
    except UnreadableFile as refusal:
        raise InvalidInput(sentence_for(refusal.code, refusal.params), field="file") from refusal

    def create() -> ImportRun:
        run = open_run(kind=RunKind.INVENTORY, organization=organization, content=content, file_name=file_name, by=by)
        if table:
            keep_table(run, table)
        else:
            ask(READ_TASK, dedup_key=f"{READ_TASK}:{run.pk}", run_key=run.pk)
        return run

    try:
        return created_once(key=request_key, by=by, model=ImportRun, create=create)
    except UnsafeFile as refusal:
        raise InvalidInput(sentence_for("unsafe_file"), field="file") from refusal


@transaction.atomic
def read_inventory(*, run_key: int) -> None:
    """The job that reads a large file."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization", "file").get(pk=run_key)
    if run.state != RunState.PREPARING or "headers" in run.mapping:
        return
    try:
        table = read_file(_content(run), run.file_name, sheet=run.mapping.get("wanted_sheet", ""))
    except UnreadableFile as refusal:
        fail_run(run, refusal.code, refusal.params)
        return
    keep_table(run, table)


@transaction.atomic
def choose_sheet(*, run: ImportRun, sheet: str, by: User) -> ImportRun:
    """Read another sheet of the same workbook instead."""
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING or sheet not in run.mapping.get("sheets", []):
        raise NotPossibleNow(_("The sheet of this file can no longer be changed."))
    content = _content(run)
    if len(content) > READ_AT_ONCE:
        run.rows.all().delete()
        run.mapping = {"wanted_sheet": sheet}
        run.save(update_fields=["mapping"])
        ask(READ_TASK, run_key=run.pk)
        return run
    try:
        table = read_file(content, run.file_name, sheet=sheet)
    except UnreadableFile as refusal:
        raise InvalidInput(sentence_for(refusal.code, refusal.params), field="sheet") from refusal
    keep_table(run, table)
    return run


@transaction.atomic
def abandon_run(*, run: ImportRun, by: User) -> ImportRun:
    """Nothing of this file will come in. Its rows are forgotten; the file stays as long as any file that came in."""
    run = locked_run(run)
    check_may_import(by, run)
    if run.state != RunState.PREPARING:
        raise NotPossibleNow(_("This import can no longer be abandoned: its rows are coming in or came in."))
    run.rows.all().delete()
    fail_run(run, "abandoned", by=by)
    return run


def keep_table(run: ImportRun, table: Table) -> None:
    """Every row as it stands, and what its columns probably are."""
    run.rows.all().delete()
    rows = [
        ImportRow(
            run=run,
            number=row.number,
            cells=dict(row.cells),
            problems=[problem_of(found.code, field=found.column, value=found.value) for found in row.problems],
        )
        for row in table.rows
    ]
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)
    run.mapping = {
        "headers": list(table.headers),
        "columns": propose_columns(body_of(run), table.headers, [row.cells for row in table.rows[:SAMPLES]]),
        "is_confirmed": False,
        "rows": len(rows),
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "notes": list(_notes(table)),
    }
    run.save(update_fields=["mapping"])


def _notes(table: Table) -> Iterator[dict[str, Any]]:
    """What was odd about the columns: said on the pages where they are chosen and their rows shown."""
    for note in table.problems:
        yield problem_of(note.code, field=note.column, value=note.value)
        if note.code == "duplicate_header":
            pairs = ((row.number, fold(row.cells[note.value]), fold(row.cells[note.column])) for row in table.rows)
            if contrary := next((number for number, one, other in pairs if one and other and one != other), None):
                yield problem_of(
                    "contrary_columns", field=note.column, value=note.value, params={"first_row": contrary}
                )


def file_problems(row: ImportRow) -> list[Problem]:
    """What the reader of the file said of a row that waits."""
    return [Problem(each["reason"], each["field"], each["value"]) for each in row.problems]


def read_file(content: bytes, file_name: str, *, sheet: str = "") -> Table:
    # A result saved beside its formula is the text its author saw: it comes in with a note. We never compute one.
    return read_table(content, filename=file_name, known_headers=KNOWN_HEADERS, sheet=sheet, takes_results=True)


def _content(run: ImportRun) -> bytes:
    with stored_file(run).content.open("rb") as stream:
        return bytes(stream.read())
