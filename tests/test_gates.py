"""Each gate of `make check` and of the tests about the code can fail: one fault is put into a copy, the gate names it.

And it passes on the copy without the fault. A gate that nobody has seen fail may be looking elsewhere.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.alone]
ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TESTS = (PYTHON, "-m", "pytest", "-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider")
FRENCH = "locale/fr/LC_MESSAGES/django.po"
RECIPE = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0].splitlines()[1:]
# Lines of `make check`, found by a word; the rest are tests about the code.
CHECKS = {
    "locks": "config.locks",
    "ruff": "ruff check",
    "format": "ruff format",
    "djlint": "djlint",
    "mypy": "mypy",
    "imports": "lint-imports",
    "migrations": "makemigrations",
    "messages": "manage.py messages",
    "diagrams": "manage.py diagrams",
}
SUITES = {
    "architecture": (*TESTS, "-x", "tests/test_architecture.py"),
    "names": (*TESTS, "-x", "tests/test_upward_names.py"),
    "services": (*TESTS, "tests/test_services_shape.py"),
    "history": (*TESTS, "-x", "tests/test_history_kept.py"),
    "words": (*TESTS, "tests/test_words.py"),
    "addresses": (*TESTS, "tests/test_access.py", "-k", "every_address"),
    "documentation": (*TESTS, "tests/embedded/test_documentation.py"),
}


def command_of(gate: str) -> list[str]:
    if gate in SUITES:
        return list(SUITES[gate])
    (line,) = (line for line in RECIPE if CHECKS[gate] in line)
    programs = {"$(RUN)": PYTHON, ".venv/bin/lint-imports": str(Path(PYTHON).with_name("lint-imports"))}
    return [programs.get(word, word) for word in line.lstrip("\t@").split() if word != "$(SETTINGS)"]


@dataclass(frozen=True)
class Fault:
    """What is done to one file (a new one begins empty), the gate that must see it, and a word of what it says."""

    name: str
    gate: str
    file: str
    change: Callable[[str], str]
    said: str


def add(text: str) -> Callable[[str], str]:
    return lambda found: f"{found}{text}"


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(found: str) -> str:
        assert old in found
        return found.replace(old, new, 1)

    return change


def lines(count: int) -> Callable[[str], str]:
    return lambda found: '"""Long."""\n' + "x = 1\n" * (count - 1)


LONG_FUNCTION = "\n\ndef long() -> None:\n" + "    print()\n" * 40
LONG_VIEW = "\n\ndef long(request):\n" + "    print()\n" * 25
SETUP = "organizations/services/setup.py"
CASES = "review/services/cases.py"
ROW = "\n\nclass Row(models.Model):\n"
FAULTS = [
    # The seven contracts between modules.
    Fault(
        "an upward import",
        "imports",
        "core/clock.py",
        add("import registry.workflow\n"),
        "Rooms point downwards BROKEN",
    ),
    Fault(
        "a floor breach", "imports", "review/models/case.py", add("import review.services\n"), "has its floor BROKEN"
    ),
    Fault("a module of no floor", "imports", "review/selectors.py", add("x = 1\n"), "has its floor BROKEN"),
    Fault("a thick core", "imports", "core/charts_of_rooms.py", add("x = 1\n"), "core stays thin"),
    Fault("a rule with Django", "imports", "registry/rules/scope.py", add("import django\n"), "no framework BROKEN"),
    Fault(
        "a public page that reads drafts",
        "imports",
        "transparency/views/__init__.py",
        add("import registry.models\n"),
        "The public site reads public facts and hands in at intake, nothing else BROKEN",
    ),
    Fault(
        "a view called by a module",
        "imports",
        "organizations/context_processors.py",
        add("import organizations.views\n"),
        "Interfaces are called by URL, never imported by another module BROKEN",
    ),
    Fault("another door to a library", "imports", "reports/exports.py", add("import weasyprint\n"), "one door BROKEN"),
    # Linters and types.
    Fault("a lint error", "ruff", "core/clock.py", add('print("forgotten")\n'), "T201"),
    Fault("an untranslated f-string", "ruff", "core/clock.py", add('_ = gettext\n_(f"{now}")\n'), "INT001"),
    Fault("a layout of one's own", "format", "core/clock.py", add("x = {'a':1}\n"), "core/clock.py"),
    Fault("a type error in a service", "mypy", "review/services/cases.py", add("\nx: int = submit_case\n"), "cases.py"),
    Fault("a signature without types", "mypy", "core/clock.py", add("\n\ndef f(x):\n    return x\n"), "no-untyped-def"),
    Fault("a template with a fault", "djlint", "templates/404.html", add("<p>{{name}}</p>\n"), "404.html"),
    Fault("a tag that is never closed", "djlint", "templates/404.html", add("<div><p></div>\n"), "404.html"),
    # Files that follow from others.
    Fault(
        "a missing migration",
        "migrations",
        "review/models/case.py",
        swap("    comment = ", "    colour = models.CharField(max_length=9)\n    comment = "),
        "Add field colour to case",
    ),
    Fault("a sentence without French", "messages", "templates/404.html", add('{% trans "New" %}'), "'New' (templates"),
    Fault(
        "French that nobody says any more",
        "messages",
        "templates/404.html",
        swap("This address leads to nothing that you can see.", "This address leads nowhere."),
        "ne sert plus (make messages) : 'This address leads to nothing that you can see.'",
    ),
    Fault("doubtful French", "messages", FRENCH, swap("#, python-format\n", "#, fuzzy, python-format\n"), "à relire"),
    Fault(
        "a variable lost in French", "messages", FRENCH, swap('msgstr "%(body)s', 'msgstr "%(corps)s'), "différentes"
    ),
    Fault("a drawing out of date", "diagrams", "review/workflow.py", swap('"approve"', '"accept"'), "review.md"),
    Fault(
        "a lock that names a host", "locks", "requirements/base.txt", add("--index-url https://a.example\n"), "address"
    ),
    Fault("a library without a digest", "locks", "requirements/base.txt", add("stray==1.0\n"), "no hash for stray"),
    Fault(
        "a library that is not locked", "locks", "pyproject.toml", swap('"Babel', '"stray>=1",\n    "Babel'), "stray>=1"
    ),
    # House rules.
    Fault("a module of 401 lines", "architecture", "core/clock.py", lines(401), "stay_small[core/clock.py]"),
    Fault("a function of 41 lines", "architecture", "core/clock.py", add(LONG_FUNCTION), "stay_small[core/clock.py]"),
    Fault("a view of 26 lines", "architecture", "core/views.py", add(LONG_VIEW), "stay_small[core/views.py]"),
    Fault("a test file of 601 lines", "architecture", "tests/test_long.py", lines(601), "readable[tests/test_long.py]"),
    Fault("a drawer", "architecture", "review/services/utils.py", add('"""Things."""\n'), "no_drawer_without_a_name"),
    Fault("a folder that is no package", "architecture", "review/more/a.py", add('"""A."""\n'), "is_a_package[review]"),
    Fault("a room nobody declared", "architecture", "attic/__init__.py", add('"""Attic."""\n'), "knows_every_room"),
    Fault(
        "a key that points upwards",
        "architecture",
        "review/models/case.py",
        swap("    subject = ", '    system = models.ForeignKey("registry.AISystem", models.PROTECT)\n    subject = '),
        "test_keys_point_downwards",
    ),
    Fault(
        "a moment without its person",
        "architecture",
        "review/models/case.py",
        swap("    subject = ", "    read_at = models.DateTimeField(null=True)\n    subject = "),
        "has_its_person[review.Case]",
    ),
    Fault(
        "a row kept nobody knows how long",
        "architecture",
        "review/models/case.py",
        swap("Retention: the body's calendar.", ""),
        "how_long_it_is_kept[review.Case]",
    ),
    Fault(
        "a constraint of another name",
        "architecture",
        "review/models/case.py",
        swap('name="case_decided_at_by"', 'name="decided"'),
        "named_for_its_model[review.Case]",
    ),
    Fault(
        "a question nobody answers",
        "architecture",
        "config/settings.py",
        swap('"registry.services.gates.required_answers",', '"registry.gates.none",'),
        "higher_rooms_resolve[REGISTRY_GATES]",
    ),
    Fault(
        "a job that does not exist",
        "architecture",
        "registry/services/citizens.py",
        swap('"registry.tasks.tell_visitor"', '"registry.tasks.tell_nobody"'),
        "services_ask_for_exist",
    ),
    Fault("PDF loaded at start", "architecture", "config/urls.py", add("import weasyprint\n"), "loads_no_pdf_library"),
    Fault("a template nobody shows", "architecture", "templates/attic_of_pages.html", add("x\n"), "template_is_used"),
    Fault("a module without its reason", "architecture", "core/clock.py", swap('"""', '_ = """'), "docstrings_open"),
    Fault(
        "two migrations of a number", "architecture", "review/migrations/0001_b.py", add("x = 1\n"), "line_of_descent"
    ),
    Fault(
        "a template of a name that another has",
        "architecture",
        "templates/transparency/partials/system.html",
        add("x\n"),
        "template_is_used",
    ),
    # A lower room that knows a higher one.
    Fault("a reverse relation", "names", SETUP, add("\n\ndef f(x):\n    return x.systems.count()\n"), "setup.py:"),
    Fault(
        "a relation in a query",
        "names",
        SETUP,
        add('\n\ndef f(x):\n    return x.filter(systems__status="d")\n'),
        "followed_upwards[organizations]",
    ),
    Fault(
        "a relation in a word",
        "names",
        SETUP,
        add('\n\nCOLUMNS = ["-systems__name_fr"]\n'),
        "followed_upwards[organizations]",
    ),
    Fault(
        "a relation asked by its name",
        "names",
        SETUP,
        add('\n\ndef f(x):\n    return getattr(x, "systems")\n'),
        "followed_upwards[organizations]",
    ),
    Fault(
        "a model by its label",
        "names",
        SETUP,
        add('\n\nMODEL = apps.get_model("registry.AISystem")\n'),
        "names_a_higher_room[organizations]",
    ),
    Fault(
        "a model by two words",
        "names",
        SETUP,
        add('\n\nMODEL = apps.get_model("registry", "AISystem")\n'),
        "names_a_higher_room[organizations]",
    ),
    Fault(
        "a table of a higher room",
        "names",
        SETUP,
        add('\n\nSQL = "SELECT 1 FROM registry_aisystem"\n'),
        "names_a_higher_room[organizations]",
    ),
    Fault(
        "a module named in a string",
        "names",
        SETUP,
        add('\n\nMODULE = import_module("registry.models")\n'),
        "names_a_higher_room[organizations]",
    ),
    Fault(
        "every relation of a model",
        "names",
        SETUP,
        add("\n\ndef f(x):\n    return x._meta.related_objects\n"),
        "every_model_or_relation",
    ),
    Fault(
        "a page that counts upwards",
        "names",
        "templates/organizations/todo.html",
        add("{{ body.systems.count }}\n"),
        "template_follows_a_relation_upwards",
    ),
    Fault(
        "a migration that waits upwards",
        "names",
        "review/migrations/0002_case_authors.py",
        swap("dependencies = [", 'dependencies = [\n        ("registry", "0001_initial"),'),
        "wait_for_no_higher_room[review]",
    ),
    # Writes, and the shape of services.
    Fault("a row in a view", "services", "core/views.py", add(f"{ROW}    pass\n"), "defined_in_models"),
    Fault("a view that writes", "services", "core/views.py", add("\n\ndef f(x):\n    x.save()\n"), "core/views.py:"),
    Fault(
        "a rule that writes",
        "services",
        "registry/permissions.py",
        add("\n\ndef f(x):\n    x.update(a=1)\n"),
        "x.update",
    ),
    Fault(
        "a write by another name",
        "services",
        "core/views.py",
        add("\n\ndef f(x):\n    w = x.delete\n    w()\n"),
        "x.delete",
    ),
    Fault(
        "a link made in a view",
        "services",
        "core/views.py",
        add("\n\ndef f(x):\n    x.authors.set([])\n"),
        "authors.set",
    ),
    Fault(
        "SQL in a view",
        "services",
        "core/views.py",
        add('\n\ndef f(c):\n    c.execute("DELETE FROM registry_aisystem")\n'),
        "few_modules",
    ),
    Fault("SQL in a service", "services", CASES, add("\n\ndef f():\n    connection.cursor()\n"), "few_modules"),
    Fault("a rule in a signal", "services", CASES, add("\n\npost_save.connect(submit_case)\n"), "behind_a_signal"),
    Fault(
        "a receiver of signals",
        "services",
        CASES,
        add("\n\n@receiver(post_save)\ndef f(**_):\n    pass\n"),
        "behind_a_signal",
    ),
    Fault(
        "a service that nobody signs",
        "services",
        CASES,
        swap('move: str, comment: str = "", by: User', 'move: str, comment: str = "", author: User'),
        "knows_who_acts",
    ),
    Fault(
        "a service in no transaction",
        "services",
        "organizations/services/access.py",
        swap("@transaction.atomic\n", ""),
        "in_one_transaction",
    ),
    Fault("a service that the ledger ignores", "services", CASES, swap("    record(", "    str("), "tells_the_ledger"),
    Fault(
        "a part called by a view",
        "services",
        "reports/views.py",
        add("\n\nfrom reports.services.requests import ask_for_document\n\n\ndef f(x):\n    ask_for_document(x)\n"),
        "called_by_services_alone",
    ),
    # History.
    Fault(
        "a table without history",
        "history",
        "review/models/case.py",
        swap("@keep_history()\n", ""),
        "says_why_not[review.Case]",
    ),
    Fault(
        "a reason for nothing",
        "history",
        "tests/test_history_kept.py",
        swap('"core.Intent": ', '"core.Gone": "gone",\n    "core.Intent": '),
        "table_that_is_gone",
    ),
    Fault(
        "a word of the glossary's «jamais»",
        "words",
        "templates/404.html",
        add("<p>AIPD</p>\n"),
        "words_of_the_templates",
    ),
    Fault(
        "an address without a row",
        "addresses",
        "core/urls.py",
        swap("urlpatterns = [", 'urlpatterns = [\n    path("sante/secret", views.alive, name="secret"),'),
        "core:secret",
    ),
    Fault("a variable nobody explains", "documentation", "config/settings.py", add('X = env.text("XYZZY")\n'), "XYZZY"),
    Fault("CI types something else", "documentation", ".ci/run", add("make coffee\n"), "make coffee"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as they stand, as a repository of their own: some gates ask git what is tracked."""
    folder = tmp_path_factory.mktemp("copy")
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(command, cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def gate(copy: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    server = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{server}/vigie_gates", "NO_COLOR": "1", "COLUMNS": "240"}
    environment.pop("PYTEST_ADDOPTS", None)

    def run(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command_of(name), cwd=copy, env=environment, capture_output=True, text=True, timeout=600)

    return run


@pytest.fixture(scope="module")
def passes(gate: Callable[[str], subprocess.CompletedProcess[str]]) -> Callable[[str], str]:
    """What a gate says of the copy without a fault; asked once."""
    known: dict[str, str] = {}

    def ask(name: str) -> str:
        if name not in known:
            answer = gate(name)
            known[name] = "" if answer.returncode == 0 else f"{answer.stdout}{answer.stderr}"
        return known[name]

    return ask


@pytest.fixture
def put(copy: Path) -> Iterator[Callable[[Fault], None]]:
    """Puts a fault in, and takes it out after the test."""
    undo: list[Callable[[], object]] = []

    def make(fault: Fault) -> None:
        path = copy / fault.file
        before = path.read_text(encoding="utf-8") if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fault.change(before or ""), encoding="utf-8")
        undo.append(lambda: path.unlink() if before is None else path.write_text(before, encoding="utf-8"))
        subprocess.run(["git", "add", "-A"], cwd=copy, check=True)

    yield make
    for step in undo:
        step()
    subprocess.run(["git", "add", "-A"], cwd=copy, check=True)


@pytest.mark.parametrize("name", [*CHECKS, *SUITES])
def test_a_gate_passes_without_a_fault(name, passes):
    assert passes(name) == ""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_gate_fails_and_names_the_fault(fault, gate, put):
    put(fault)
    answer = gate(fault.gate)
    said = f"{answer.stdout}{answer.stderr}"
    assert answer.returncode != 0 and fault.said in said, said[-3000:]


def test_each_line_of_make_check_was_seen_to_fail():
    commands = [line for line in RECIPE if line.startswith("\t") and "config.prepare" not in line]
    unknown = [line for line in commands if not any(word in line for word in CHECKS.values())]
    assert not unknown and len(commands) == len(CHECKS)
    assert {fault.gate for fault in FAULTS} == {*CHECKS, *SUITES}
