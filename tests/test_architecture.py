"""The house rules that a linter cannot see: sizes, downward keys, paired columns, retention, paths, locks."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations import AddField, CreateModel
from django.template.utils import get_app_template_dirs
from django.utils.module_loading import import_string

from tests.sources import ROOMS, ROOT, SOURCES, name, parsed, strings

TESTS = sorted((ROOT / "tests").rglob("*.py"))
OUR_MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
# Without tables of history and of links: what holds for their model holds for them.
TRACKED = [model for model in OUR_MODELS if not (hasattr(model, "pgh_tracked_model") or model._meta.auto_created)]


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node, node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_modules_and_functions_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    is_view = "views" in path.parts or path.name == "views.py"
    long = [f"{node.name}: {size}" for node, size in functions(path) if size > (25 if is_view else 40)]
    assert not long


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_test_files_stay_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def test_no_drawer_without_a_name():
    assert not [name(path) for path in SOURCES if path.stem in {"utils", "helpers", "selectors", "misc", "common"}]


@pytest.mark.parametrize("room", ROOMS)
def test_every_folder_of_modules_is_a_package(room):
    """import-linter does not see a folder without `__init__.py`."""
    folders = {path.parent for path in (ROOT / room).rglob("*.py")}
    assert not [name(folder) for folder in folders if not (folder / "__init__.py").exists()]


def test_the_linter_knows_every_room():
    import tomllib

    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    tracked = subprocess.run(["git", "ls-files", "*/__init__.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    top = {line.split("/")[0] for line in tracked.stdout.split()} - {"tests", "bench"}
    assert top == set(rules["root_packages"]) == set(ROOMS)


def test_keys_point_downwards():
    """A string foreign key could smuggle knowledge of a higher room past the linter."""
    upward = []
    for model in OUR_MODELS:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not (isinstance(field, models.ForeignKey) and target and target._meta.app_label in ROOMS):
                continue
            if ROOMS.index(target._meta.app_label) > ROOMS.index(model._meta.app_label):
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not upward


# A moment that nobody in particular brings about, with the reason.
WITHOUT_PERSON = {
    "core.Intent": "a machine's moments",
    "core.CreationKey": "its actor_ref says who",
    "core.AuditEvent": "its actor_ref says who",
    "core.StoredFile.created_at": "created_by_ref, a reference as the actor may be a job",
    "organizations.PublicBody": "a copy, rebuilt from the sheet",
    "organizations.Invitation.expires_at": "computed",
    "registry.PublicRecord": "a copy, rebuilt from publications",
    "registry.IndicatorOfYear": "a worker",
    "registry.PublicFile": "a worker",
    "registry.ForeignSystem": "the run says who",
    "registry.NoAIAttestation.ended_at": "ended_by_ref, paired with it: the job of a merger may end it",
    "registry.ErrorReport.received_at": "a visitor, of whom nothing is kept",
    "registry.ScopeAnswer.asked_at": "user, empty when not signed in",
    "registry.SavedView.created_at": "user, whose list it is",
    "registry.ImportRun.finished_at": "the run itself finishes",
    "reports.Report.made_at": "a worker",
    "assessments.GuestAccess.handed_in_at": "the invited person themself, who has no account",
    "assessments.QuestionnaireVersion": "added_by_ref, a reference as the actor may be a job",
}


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_each_moment_has_its_person(model):
    """`x_at` has its `x_by`; where both may be empty, a constraint pairs them."""
    label = model._meta.label
    constraints = str([constraint.deconstruct() for constraint in model._meta.constraints])
    for field in model._meta.concrete_fields:
        if not field.name.endswith("_at") or {label, f"{label}.{field.name}"} & set(WITHOUT_PERSON):
            continue
        person = field.name.removesuffix("_at") + "_by"
        assert person in {one.name for one in model._meta.concrete_fields}, f"{label}.{field.name} has no {person}"
        if field.null:
            assert f"'{field.name}" in constraints and f"'{person}" in constraints, f"{label}: pair {field.name}"


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_each_model_says_how_long_it_is_kept(model):
    assert "etention" in (model.__doc__ or ""), f"{model._meta.label} does not name its retention rule"


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_each_constraint_is_named_for_its_model(model):
    names = [constraint.name for constraint in model._meta.constraints]
    assert all(constraint.startswith(model._meta.model_name) for constraint in names), names


HOOKS = [
    "REGISTRY_GATES", "FILE_PAGES", "PUBLICATION_FACTS", "TODO_SOURCES", "SETUP_STEPS", "REPORT_FIGURES",
    "FIELD_LABELS",
]  # fmt: skip


@pytest.mark.parametrize("setting", HOOKS)
def test_questions_to_higher_rooms_resolve(setting):
    assert all(callable(import_string(path)) for path in getattr(settings, setting))


def test_what_is_handed_over_resolves():
    from organizations.services.handover import HandOverSource

    assert all(isinstance(import_string(path), HandOverSource) for path in settings.HANDOVER_SOURCES)


@pytest.mark.parametrize("setting", ["SUCCESSION_JOBS", "DAILY_JOBS"])
def test_jobs_named_by_settings_are_jobs(setting):
    assert all(getattr(import_string(path), "outbox_task", False) for path in getattr(settings, setting))


def asked_tasks() -> set[str]:
    """Dotted names given to `outbox.ask` anywhere in our code."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    return set(re.findall(r"\bask\(\s*\"([a-z_.]+)\"", text))


def test_jobs_that_services_ask_for_exist():
    found = asked_tasks()
    assert found
    for path in found:
        assert getattr(import_string(path), "outbox_task", False), path


def test_starting_django_loads_no_pdf_library():
    code = (
        "import django, sys; django.setup(); import config.urls;"
        "print([m for m in ('weasyprint', 'pikepdf', 'pyhanko') if m in sys.modules])"
    )
    import os

    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip().splitlines()[-1] == "[]"


def test_no_committed_file_names_a_registry():
    hosts = re.compile(r"registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org/simple")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for line in tracked.stdout.splitlines():
        path = ROOT / line
        if path.is_file() and path != Path(__file__) and path.stat().st_size < 3_000_000:
            if hosts.search(path.read_text(encoding="utf-8", errors="ignore")):
                found.append(line)
    assert not found


def test_the_runtime_lock_is_free_of_strong_copyleft():
    """EUPL-1.2 code may use them; a body that reuses a part under another licence could not."""
    from importlib.metadata import PackageNotFoundError, metadata

    locked = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    strong = []
    for package in locked:
        try:
            about = metadata(package)
        except PackageNotFoundError:  # for another system
            continue
        said = [about.get("License-Expression") or "", about.get("License") or "", *about.get_all("Classifier", [])]
        is_strong = re.search(r"\bA?GPL|GNU (Affero )?General Public", " ".join(said))
        if is_strong and not re.search(r"LGPL|Lesser|MIT|BSD", " ".join(said)):
            strong.append(package)
    assert len(locked) > 30 and not strong


# Shown without being named in our code.
SHOWN_BY_OTHERS = {
    **dict.fromkeys(["400.html", "403.html", "403_csrf.html", "404.html", "500.html"], "Django"),
    "429.html": "allauth, when a form is sent too often",
    "components/gallery.html": "the tests of the components, on a page of its own",
}


def test_every_template_is_used():
    """By its whole path: `imports/rows.html` is not used because somebody names another `rows.html`."""
    folder = ROOT / "templates"
    templates = [*folder.rglob("*.html"), *folder.rglob("*.txt")]
    named = {text.value for path in SOURCES for text in strings(parsed(path))} | set(SHOWN_BY_OTHERS)
    for path in templates:
        named |= set(re.findall(r"""["']([\w./-]+)["']""", path.read_text(encoding="utf-8")))
    libraries = [Path(one) for one in get_app_template_dirs("templates")] + [
        Path(django.__file__).parent / "forms/templates"
    ]

    def is_shown(path: str) -> bool:
        """Named by us, or the override of a page or of a mail of a library (our mails have one text, theirs two)."""
        theirs = (path, path.replace(".txt", "_message.txt"))
        return path in named or any((place / one).exists() for place in libraries for one in theirs)

    paths = [path.relative_to(folder).as_posix() for path in templates]
    assert not [path for path in paths if not is_shown(path)]


def test_codes_of_columns_are_those_of_the_catalogue():
    from registry import workflow
    from registry.field_catalogue import CATALOGUE
    from registry.models import AISystem

    codes = {
        "phase": workflow.Phase,
        "affected": workflow.Affected,
        "autonomy": workflow.Autonomy,
        "personal_information": workflow.YesNoUnsure,
        "origin": workflow.Origin,
    }
    for field, enumeration in codes.items():
        assert [choice.code for choice in CATALOGUE.field(field).choices] == list(enumeration)
    for field in (*CATALOGUE.fields, *CATALOGUE.twins):
        column = AISystem._meta.get_field(field.code)
        assert field.max_length is None or column.max_length == field.max_length, field.code


def test_docstrings_open_every_module():
    silent = [name(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_migrations_have_names_and_one_line_of_descent():
    for room in ROOMS:
        folder = ROOT / room / "migrations"
        numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
        assert len(numbers) == len(set(numbers)), f"{room}: two migrations of the same number"
        assert not list(folder.glob("*_auto_*.py"))


def test_every_room_imports():
    assert all(import_module(room) for room in ROOMS)


def test_code_of_before_still_writes_on_the_new_schema():
    """Two releases run side by side during an upgrade: a new column is empty or given by the database."""
    for room in ROOMS:
        for file in sorted((ROOT / room / "migrations").glob("0*.py")):
            module = import_module(f"{room}.migrations.{file.stem}")
            if getattr(module.Migration, "initial", False):
                continue
            made: set[str] = set()
            for operation in module.Migration.operations:
                if isinstance(operation, CreateModel):
                    made.add(operation.name_lower)  # a table that code of before does not know
                is_column = isinstance(operation, AddField) and operation.model_name_lower not in made
                if is_column and not operation.field.many_to_many:
                    column = operation.field
                    given = column.null or column.has_db_default() or getattr(column, "generated", False)
                    assert given, f"{file.relative_to(ROOT)}: {operation.name} needs null or db_default"
