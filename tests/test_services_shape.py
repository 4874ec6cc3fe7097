"""Every write goes through a service, and every service that writes says who, in one transaction, to the ledger.

Read from the source: what calls what, by name, inside the modules of services and the few doors of `core`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps

from tests.sources import ROOMS, SOURCES, dotted, name, parsed

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
MAKES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "select_for_update", "save",
    "save_base", "delete", "_raw_delete", "create_user", "acreate", "abulk_create", "aget_or_create",
    "aupdate_or_create", "abulk_update", "aupdate", "asave", "adelete",
}  # fmt: skip
SQL = {".cursor", ".raw", ".extra", ".execute", ".executemany", ".callproc", ".schema_editor", "RawSQL", "psycopg"}
SIGNALS = {".connect", "receiver", "Signal"}
MANY = {field.name for model in MODELS for field in model._meta.many_to_many} | {
    relation.get_accessor_name() for model in MODELS for relation in model._meta.related_objects
}

# Modules that write and are no service, with the reason.
WRITERS = {
    "core/audit.py": "the door to the ledger",
    "core/outbox.py": "the door to the outbox, and its relay",
    "core/files.py": "the door to private files",
    "organizations/models/user.py": "the manager that Django and allauth call to make an account",
    "config/demonstration/load.py": "gives the demonstration a past; never runs outside it",
}
# Calls of the same name that write no row.
NO_ROW = {
    ("core/pdf/finish.py", "pdf.save"): "a file, to memory",
    ("registry/exports/systems.py", "book.save"): "a file, to memory",
    ("assessments/exports/workbook.py", "book.save"): "a file, to memory",
    ("assessments/exports/word/__init__.py", "word.save"): "a file, to memory",
    ("registry/public/open_data/workbook.py", "book.save"): "a file, of the job that keeps it",
    ("transparency/exports/files.py", "book.save"): "a file, to memory",
    ("config/celery.py", "conf.update"): "the settings of Celery",
    ("organizations/adapters.py", "make.save"): "a drawing",
    ("organizations/adapters.py", "sociallogin.save"): "allauth's own account of a sign-in by OIDC",
}
SPEAK_SQL = {
    "core/services/database_rights.py": "roles and rights",
    "core/checks.py": "what the server can do, asked at start",
    "organizations/services/locks.py": "advisory locks",
    "organizations/models/organization.py": "all the bodies below one, in one question",
    "core/services/public_edition.py": "triggers of the tables that public pages read",
    "registry/public/edition.py": "asked before every public page: ready made",
    "registry/public/search/facets.py": "counts of bounded lists, all in one question",
    "registry/services/search_index.py": "counts of the whole register, in one statement each",
    "transparency/middleware/role.py": "the role of the public site",
    "config/outside.py": "asks whether a given server answers, before anything starts",
}
HEAR_SIGNALS = {
    "core/apps.py": "post_migrate: rights on the tables that were just made",
    "config/celery.py": "task_prerun: sound connections for a job, no rule",
    "config/outside.py": "connects to a server, not to a signal",
}


def is_service(path: Path) -> bool:
    return name(path).removesuffix(".py").split("/")[1] == "services"


def receiver(node: ast.Attribute) -> str:
    """The last word before the point: `book` of `book.save`, `authors` of `case.authors.set`."""
    value = node.value.func if isinstance(node.value, ast.Call) else node.value
    return getattr(value, "attr", getattr(value, "id", ""))


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What looks like a write to the database, called or handed on."""
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        call = called.get(id(node))
        is_update = node.attr == "update" and call is not None and call.keywords and not call.args
        is_link = node.attr in {"add", "set", "remove", "clear"} and receiver(node) in MANY
        if node.attr in MAKES or is_update or is_link:
            yield node.lineno, f"{receiver(node)}.{node.attr}"


def named(tree: ast.AST, words: set[str]) -> Iterator[tuple[int, str]]:
    """These attributes (with a point), names and imports."""
    for node in ast.walk(tree):
        found = []
        if isinstance(node, ast.Attribute):
            found = [f".{node.attr}"]
        elif isinstance(node, ast.Name):
            found = [node.id]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found = [one.name for one in node.names] + [getattr(node, "module", None) or ""]
        yield from ((node.lineno, word) for word in found if word in words)


def test_every_write_is_in_a_service():
    found = [
        f"{name(path)}:{line} {word}"
        for path in SOURCES
        if not is_service(path) and name(path) not in WRITERS
        for line, word in writes(parsed(path))
        if (name(path), word) not in NO_ROW
    ]
    assert not found


def test_every_row_is_defined_in_models():
    found = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        if name(path).removesuffix(".py").split("/")[1] not in {"models", "grants"}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and "models.Model" in map(ast.unparse, node.bases)
    ]
    assert not found


def test_sql_by_hand_is_written_in_few_modules():
    found = [
        f"{name(path)}:{line} {word}"
        for path in SOURCES
        if name(path) not in SPEAK_SQL
        for line, word in named(parsed(path), SQL)
    ]
    assert not found


def test_no_rule_hides_behind_a_signal():
    found = [
        f"{name(path)}:{line} {word}"
        for path in SOURCES
        if name(path) not in HEAR_SIGNALS
        for line, word in named(parsed(path), SIGNALS)
    ]
    assert not found


# --- The shape of a service ------------------------------------------------------------------------------------------
DOORS = {"core.audit", "core.outbox", "core.files"}
RECORD = {"core.audit.record", "core.audit.record_many"}
# Part of another service, which names the actor, opens the transaction and tells the ledger.
PARTS = {
    "registry.services.public_files.ask_public_files": "asks for the files of an act",
    "organizations.services.messages.send_later": "asks for the mail of an act",
    "organizations.services.public_copy.keep_old_name": "a line of the copy that publish_body tells",
    "registry.services.imports.foreign_systems.keep_foreign_systems": "rows of a run, which acts and is told",
    "registry.services.imports.inventory_columns.remember_columns": "map_columns tells what was chosen",
    "registry.services.imports.inventory_file.keep_table": "rows of a run",
    "registry.services.imports.inventory_rows.bring_in": "rows of a run; its end or the person's retry is told",
    "registry.services.imports.register.keep_records": "rows of a run, or the row of a retry, which is told",
    "registry.services.imports.register.keep_rows": "rows of a run",
    "registry.services.imports.runs.count_outcomes": "rows of a run",
    "registry.services.imports.runs.reject_rows": "rows of a run",
    "registry.services.coverage.show_coverage": "the public copy of an attestation, which is told",
    "registry.services.public_records.refresh_public_record": "what search reads of a publication",
    "registry.services.public_records.show_first_versions": "what search reads of publications",
    "registry.services.search_index.learn_words": "what search reads of a publication",
    "registry.services.search_index.learn_foreign_words": "what search reads of a publication",
    "reports.services.requests.ask_for_document": "the job of a report that was asked for or begun again",
}
# What clocks and jobs do.
HOUSEKEEPING = {
    "core.services.creation.forget_creation_keys": "a clock forgets what may no longer be asked again",
    "core.services.intents.forget_finished": "a clock; the effects of the jobs keep their events",
    "core.services.public_edition.fold_public_editions": "a clock; the rows say nothing but that something changed",
    "registry.services.search_index.tidy_search": "a clock: numbers and words again, from the public records",
    "core.services.intents.give_up_interrupted": "a clock; the page of failed jobs shows them",
    "registry.services.public_records.index_whole_texts": "search again, from publications that keep theirs",
    "registry.services.imports.foreign_systems.index_old_records": "search again, from publications that keep theirs",
    "registry.services.public_records.index_missing_texts": "a clock: search again, from publications that keep theirs",
    "registry.services.public_records.rebuild_public_records": "search again, from publications that keep theirs",
    "assessments.services.recounting.ask_recount": "a command, after a change of how levels are counted",
    "assessments.services.recounting.recount_part": "counts again, from answers that keep their history",
    "registry.services.imports.inventory_preview.plan_inventory": "a job prepares the page that a person looks at",
}
# Public functions that write without `by`, and who acts.
NOBODY = PARTS | HOUSEKEEPING | {
    "assessments.services.versions.known_questionnaires": "a named job, where nobody copied the questionnaires yet",
    "assessments.services.versions.latest_version": "a named job, where nobody copied the questionnaires yet",
    "organizations.services.accounts.open_account": "the person, unless another opens it for them",
    "organizations.services.first_steps.begin_platform": "the founder, whose account it makes",
    "organizations.services.invitations.join_by_invitation": "whoever holds the link, whose account it makes",
    "registry.services.citizens.forget_visitors": "a named job",
    "registry.services.imports.inventory_file.read_inventory": "the run",
    "registry.services.imports.inventory_rows.bring_in_part": "the run",
    "registry.services.imports.inventory_entry.continue_entering": "the run, by the person who asked",
    "registry.services.imports.inventory_entry.give_up_entering": "the run",
    "registry.services.imports.inventory_undo.continue_undoing": "the run",
    "registry.services.imports.inventory_undo.give_up_undoing": "the run",
    "registry.services.imports.inventory_rows.continue_inventory_import": "the run",
    "registry.services.imports.register.continue_register_import": "the run",
    "registry.services.imports.runs.fail_run": "the run, unless a person stops it",
    "registry.services.imports.runs.finish_run": "the run",
    "registry.services.imports.runs.give_up_run": "the run",
    "registry.services.imports.runs.note_refused_file": "whoever opens the run: `by` is among its other words",
}  # fmt: skip
# Public functions that write outside one transaction: the rows of a file, 500 with their counts in each; a page that
# reads what one transaction copies first.
IN_BATCHES = {
    "assessments.services.versions.known_questionnaires",
    "registry.services.imports.foreign_systems.keep_foreign_systems",
    "registry.services.imports.register.keep_records",
    "registry.services.imports.register.keep_rows",
    "registry.services.imports.inventory_command.import_inventory",
    "registry.services.imports.register.import_register",
    "registry.services.imports.runs.count_outcomes",
    "registry.services.imports.runs.reject_rows",
    "registry.services.search_index.learn_foreign_words",
}
# Public functions that write and tell the ledger nothing, and what keeps the trace.
NO_EVENT = PARTS | HOUSEKEEPING | {
    "assessments.services.saving.save_files": "joining and taking off a file, which alone call it, are told",
    "core.services.creation.answered_once": "what it runs is told",
    "core.services.creation.created_once": "what it creates is told",
    "organizations.services.tokens.note_use": "the day of the last use, on the row: each call is no act of the office",
    "registry.services.imports.inventory_file.choose_sheet": "a preparation: history of the run",
    "registry.services.imports.inventory_preview.plan_again": "a preparation: history of the run",
}  # fmt: skip


@dataclass
class Function:
    """One function of a module, and the functions of our code that its source names."""

    key: str
    path: Path
    node: ast.FunctionDef
    names: set[str]

    @property
    def is_public_service(self) -> bool:
        return is_service(self.path) and not self.node.name.startswith("_")

    @property
    def is_atomic(self) -> bool:
        """By its decorator; an outbox task runs in the transaction that ends its intent, unless it is a mail."""
        said = [ast.unparse(one) for one in self.node.decorator_list]
        is_task = any(one.startswith("outbox_task(") and "at_most_once" not in one for one in said)
        return is_task or any(one.startswith("transaction.atomic") for one in said)

    @property
    def has_actor(self) -> bool:
        """Keyword-only, and never left out."""
        arguments = self.node.args
        return ("by", None) in {
            (one.arg, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        }

    @property
    def writes_itself(self) -> bool:
        return any(not word.endswith(".select_for_update") for _line, word in writes(self.node))


@cache
def imported(path: Path) -> dict[str, str]:
    """What each name of this module stands for: its own functions and what it imports."""
    tree = parsed(path)
    known = {node.name: f"{dotted(path)}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return known


MODULES = {dotted(path): path for path in SOURCES}


def meant(path: Path, written: str) -> str:
    """The function behind a name, through modules and through packages that hand on what they import."""
    first, _, rest = written.partition(".")
    found = ".".join(filter(None, [imported(path).get(first, ""), rest]))
    module, _, last = found.rpartition(".")
    if module in MODULES and imported(MODULES[module]).get(last, found) != found:
        return meant(MODULES[module], last)
    return found


def spoken(node: ast.AST) -> Iterator[str]:
    """Names and attributes of names, as they are written: `ask`, `services.keep`."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            yield f"{one.value.id}.{one.attr}"


@cache
def functions() -> dict[str, Function]:
    found = {}
    for path in SOURCES:
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef):
                key = f"{dotted(path)}.{node.name}"
                found[key] = Function(key, path, node, {meant(path, word) for word in spoken(node)} - {key})
    return found


def spread(of: set[str]) -> set[str]:
    """These and every function of services that names one of them, however far."""
    inside = {key: one for key, one in functions().items() if is_service(one.path)}
    while more := {key for key, one in inside.items() if key not in of and one.names & of}:
        of = of | more
    return of


@cache
def writers() -> list[Function]:
    doors = {key for key, one in functions().items() if key.rpartition(".")[0] in DOORS and one.writes_itself}
    own = {key for key, one in functions().items() if is_service(one.path) and one.writes_itself}
    found = spread(doors | own | RECORD)
    return [one for key, one in functions().items() if key in found and one.is_public_service]


def callers(of: str) -> list[Function | None]:
    """Functions that name this one; none for a class or a line of a module."""
    found: list[Function | None] = [one for one in functions().values() if of in one.names]
    for path in {path for path in SOURCES if of.rpartition(".")[2] in path.read_text(encoding="utf-8")}:
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and of in {meant(path, word) for word in spoken(node)}:
                found.append(None)
    return found


def in_transaction(one: Function, asked: frozenset[str] = frozenset()) -> bool:
    """Opens its own, or is called by nothing but functions that do."""
    if one.is_atomic:
        return True
    found = [caller for caller in callers(one.key) if caller is None or caller.key not in asked]
    return bool(found) and all(caller and in_transaction(caller, asked | {one.key}) for caller in found)


def test_most_services_are_seen_to_write():
    assert len(writers()) > 60
    assert {"open_run", "publish_system", "submit_case", "note_export"} <= {one.node.name for one in writers()}


def test_part_of_a_service_is_called_by_services_alone():
    found = {key: [one.key if one else "a class" for one in callers(key)] for key in PARTS}
    assert all(found.values())
    assert not [(key, one) for key, all_of in found.items() for one in all_of if ".services." not in one]


def test_every_service_that_writes_knows_who_acts():
    found = {one.key for one in writers() if not one.has_actor}
    assert found == set(NOBODY)


def test_every_service_writes_in_one_transaction():
    found = {one.key for one in writers() if not in_transaction(one)}
    assert found == IN_BATCHES


def test_every_service_that_writes_tells_the_ledger():
    found = {one.key for one in writers()} - spread(RECORD)
    assert found == set(NO_EVENT)
