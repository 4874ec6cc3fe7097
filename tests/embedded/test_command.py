"""A command without DATABASE_URL: alone it has the database for its time, beside the site it joins."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import command
from tests.embedded.conftest import Driven

pytestmark = pytest.mark.slow
CODE = """
import os, sys, time
from pathlib import Path
from config import command
command.ROOT = Path(sys.argv[1])
sys.argv = ["manage.py", *sys.argv[3:]]
command.lend_services()
import psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0], os.environ["VIGIE_EMBEDDED"], flush=True)
    time.sleep({seconds})
    connection.execute("SELECT 1")
"""


def run(root: Path, *words: str, seconds: int = 0) -> subprocess.Popen[str]:
    (root / "var").mkdir(exist_ok=True)
    argv = [sys.executable, "-c", CODE.replace("{seconds}", str(seconds)), str(root), "--", *words]
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(command.ROOT)}
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.strip()


def test_alone_it_starts_and_stops_the_database(clone: Path) -> None:
    assert finish(run(clone, "import_register")) == "vigie_app 1"
    assert "database system is shut down" in (clone / "var/log/postgres.log").read_text()


def test_only_migrate_is_the_owner(clone: Path) -> None:
    assert finish(run(clone, "migrate")) == "postgres 1"


def test_beside_the_site_it_joins(drive: Callable[..., Driven], clone: Path) -> None:
    driven = drive(clone, {"web": ["sleep", "600"]})
    assert finish(run(clone, "import_register")) == "vigie_app 1"
    assert driven.process.poll() is None
    assert driven.end(signal.SIGINT)[0] == 0


def test_a_second_command_waits_for_the_first_which_keeps_its_database(clone: Path) -> None:
    first = run(clone, "one", seconds=2)
    assert first.stdout is not None
    assert first.stdout.readline() == "vigie_app 1\n"
    second = run(clone, "two")
    assert finish(first) == ""
    assert finish(second) == "vigie_app 1"


def test_an_environment_that_names_its_database_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, empty_clone: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/vigie")
    monkeypatch.setattr(command, "ROOT", empty_clone)
    command.lend_services()
    assert list(empty_clone.iterdir()) == []
