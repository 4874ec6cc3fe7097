"""An inventory that nobody previews: handed in on the command line, by somebody who answers for its drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.files import UnsafeFile
from core.outbox import ask
from core.services import InvalidInput, NotAllowed
from organizations.models import Organization, User
from registry import permissions
from registry.models import ImportRun
from registry.services.imports.inventory_columns import NAME, SAMPLES, propose_columns, remember_columns
from registry.services.imports.inventory_file import keep_table, read_file
from registry.services.imports.inventory_preview import check_columns
from registry.services.imports.inventory_rows import TASK, bring_in_part, check_alone
from registry.services.imports.register import RegisterResult, reasons_of
from registry.services.imports.runs import counts_of, fail_run, note_refused_file, open_run
from registry.services.systems import check_open
from registry.standards.tabular import Table, UnreadableFile
from registry.standards.words import fold
from registry.workflow import RunKind, RunState

# A command that is killed leaves the rest of its rows to the worker.
LEFT_TO_THE_WORKER = timedelta(minutes=15)
_TITLES_SHOWN = 20


@dataclass(frozen=True)
class _HandedIn:
    """A file, whose it is and who answers for it."""

    organization: Organization
    content: bytes
    file_name: str
    by: User
    keeps_file: bool


def import_inventory(
    *,
    organization: Organization,
    content: bytes,
    file_name: str,
    by: User,
    said: Mapping[str, str] | None = None,
    sheet: str = "",
    dry_run: bool = False,
) -> RegisterResult:
    """Bring in a whole file now, as drafts. A dry run does the same and undoes it all.

    `said`: title → field, where the guess would be wrong. Raises `UnreadableFile` for a file that cannot come in (its
    run is kept, stopped), `InvalidInput` for titles or fields that do not exist, `NotAllowed`, `NotPossibleNow`.
    """
    if not permissions.can_import_inventory(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you import its inventory."))
    check_open(organization)
    handed_in = _HandedIn(organization, content, file_name, by, keeps_file=not dry_run)
    try:
        table = read_file(content, file_name, sheet=sheet)
        columns = _columns(organization, table, said or {})
        if not dry_run:
            return _bring_in(_begin(handed_in, table, columns))
    except UnreadableFile as refusal:
        if not dry_run:
            opening = {"kind": RunKind.INVENTORY, "organization": organization, "file_name": file_name, "by": by}
            note_refused_file(refusal, content=content, **opening)
        raise
    with transaction.atomic():
        result = _bring_in(_begin(handed_in, table, columns))
        transaction.set_rollback(True)
    return replace(result, run=None)


def _columns(organization: Organization, table: Table, said: Mapping[str, str]) -> dict[str, str]:
    """As the page proposes them; what the command says wins, and takes its field from the column that was guessed."""
    titles = {fold(header): header for header in table.headers} | {header: header for header in table.headers}
    unknown = [title for title in said if title not in titles and fold(title) not in titles]
    if unknown:
        names = {"column": unknown[0], "columns": _listed(table)}
        raise InvalidInput(_("This file has no column “%(column)s”. Its columns are: %(columns)s.") % names)
    columns = propose_columns(organization, table.headers, [row.cells for row in table.rows[:SAMPLES]])
    for title, field in said.items():
        columns = {header: "" if guess == field else guess for header, guess in columns.items()}
        columns[titles.get(title) or titles[fold(title)]] = field
    if NAME not in columns.values():
        raise UnreadableFile("name_not_found", columns=_listed(table))
    return columns


def _listed(table: Table) -> str:
    return ", ".join(header[:60] for header in table.headers[:_TITLES_SHOWN])


@transaction.atomic
def _begin(handed_in: _HandedIn, table: Table, columns: dict[str, str]) -> ImportRun:
    """The run, its rows and what its columns hold: from here on it is any run of this body."""
    body = Organization.objects.select_for_update().get(pk=handed_in.organization.pk)
    check_alone(body)
    try:
        run = open_run(
            kind=RunKind.INVENTORY,
            organization=body,
            content=handed_in.content,
            file_name=handed_in.file_name,
            by=handed_in.by,
            state=RunState.RUNNING,
            keeps_file=handed_in.keeps_file,
        )
    except UnsafeFile as refusal:
        raise UnreadableFile("unsafe_file") from refusal
    keep_table(run, table)
    check_columns(run, columns)
    remember_columns(run, columns)
    run.mapping = {**run.mapping, "columns": columns, "is_confirmed": True}
    run.save(update_fields=["mapping"])
    facts = {"rows": run.mapping["rows"]}
    record(by=handed_in.by, verb="start_import", thing=run, organization=body, facts=facts)
    due_at = clock.now() + LEFT_TO_THE_WORKER
    ask(TASK, dedup_key=f"{TASK}:{run.pk}:command", due_at=due_at, run_key=run.pk)
    return run


def _bring_in(run: ImportRun) -> RegisterResult:
    try:
        while bring_in_part(run_key=run.pk) is not None:
            pass
    except Exception:
        # Whole parts came in and are counted; the rest did not. A second run finishes the work.
        fail_run(run, "interrupted")
        raise
    run.refresh_from_db()
    return RegisterResult(counts_of(run), reasons_of(run), run.recodings, run)
