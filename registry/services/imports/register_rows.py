"""A row of a register from elsewhere that stayed out, corrected by a person and read again among the others."""

from collections import Counter
from collections.abc import Mapping

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotPossibleNow
from core.text import clean_text
from organizations.models import User
from registry.models import ImportRow, ImportRun
from registry.services.imports.access import check_may_import, locked_run
from registry.services.imports.batches import is_of_the_row
from registry.services.imports.register import keep_records, read_stored, told, within_limits
from registry.services.imports.registers import SOURCES, ReadFile, read_again
from registry.services.imports.runs import MOST_RECODINGS, count_outcomes, problem_of
from registry.standards.foreign import Accepted, ParsedRow, Rejected, add_recodings
from registry.standards.tabular import Problem, Row, accept_text
from registry.workflow import RowOutcome, RunKind, RunState


@transaction.atomic
def retry_register_row(*, row: ImportRow, cells: Mapping[str, str], by: User) -> ImportRow:
    """Read the row again with what was typed, kept whatever comes of it. A newer file has the last word on a record:
    after it, rows of an older one wait no more.
    """
    run = locked_run(row.run)
    check_may_import(by, run)
    row = ImportRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    _check_possible(run, row)
    if not set(cells) <= set(row.cells):
        raise InvalidInput(_("This row has other columns: open it again from the list."))
    row.cells = {**row.cells, **{header: clean_text(text) for header, text in cells.items()}}
    read = read_again(read_stored(run), [*map(_as_row, _came_in(run)), _as_row(row)])
    _note(run, row, read, within_limits(read.parsed[-1]))
    facts = {"row": row.number, "outcome": str(row.outcome)}
    record(by=by, verb="retry_row", thing=run, facts=facts)
    return row


def columns_of(run: ImportRun, row: ImportRow) -> Mapping[str, str]:
    """Column of the register → title of its cell in this row."""
    return SOURCES[run.register].layout.match(tuple(row.cells))


def _check_possible(run: ImportRun, row: ImportRow) -> None:
    if run.state != RunState.DONE or row.outcome != RowOutcome.REJECTED:
        raise NotPossibleNow(_("This row came in already."))
    if run.file is None:
        raise NotPossibleNow(_("The file of this import was erased after a year: hand in a newer one."))
    same = ImportRun.objects.filter(kind=RunKind.REGISTER, register=run.register)
    if same.filter(started_at__gt=run.started_at).exclude(state=RunState.FAILED).exists():
        raise NotPossibleNow(_("A newer file of this register was handed in: correct the row there."))


def _came_in(run: ImportRun) -> list[ImportRow]:
    """Rows that were corrected before this one."""
    return list(run.rows.exclude(outcome=RowOutcome.REJECTED).order_by("number"))


def _as_row(row: ImportRow) -> Row:
    """The row as a reader of files gives it: what was typed is no safer than a file."""
    headers = list(row.cells)
    problems: list[tuple[str, int, str]] = []
    cells = {header: accept_text(row.cells[header], index, problems) for index, header in enumerate(headers)}
    return Row(row.number, cells, tuple(Problem(code, headers[index], value) for code, index, value in problems))


def _note(run: ImportRun, row: ImportRow, read: ReadFile, parsed: ParsedRow) -> None:
    outcome = RowOutcome.REJECTED
    if isinstance(parsed, Rejected):
        row.problems = [told(parsed)]
    elif (came_in := _keep(parsed, read)) is None:
        row.problems = [problem_of("database_refused")]
    else:
        outcome, row.problems = came_in, []
        ImportRun.objects.filter(pk=run.pk).update(recodings=add_recodings(run.recodings, parsed)[:MOST_RECODINGS])
        count_outcomes(run, Counter({outcome: 1, RowOutcome.REJECTED: -1}))
    row.outcome = outcome
    row.save(update_fields=["cells", "problems", "outcome"])


def _keep(accepted: Accepted, read: ReadFile) -> RowOutcome | None:
    """What became of the record; nothing when the database does not take it."""
    try:
        with transaction.atomic():
            return next(iter(keep_records([accepted], read.source, moment=clock.now())))
    except DatabaseError as error:
        if not is_of_the_row(error):
            raise
        return None
