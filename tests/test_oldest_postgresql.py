"""The oldest PostgreSQL we support, the system's (15 on Debian 12): migrations, constraints and search hold there."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TESTED = [
    "tests/core/test_audit.py",
    "tests/core/test_database_rights.py",
    "tests/organizations/test_sheets.py",
    "tests/registry/test_services_systems.py",
    "tests/registry/test_services_publication.py",
    "tests/review/test_models.py",
    "tests/transparency/test_views_search.py",
    "tests/transparency/test_public_role.py",
]


def programs() -> Path:
    """The folder of `initdb`; `make long` installs it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    assert found[0].name == "initdb", "PostgreSQL is missing: make long installs it."
    return found[0].parent


@pytest.fixture
def server() -> Iterator[str]:
    """Its address. As root the server runs under another account: PostgreSQL refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-pg-", dir="/tmp"))
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        person = pwd.getpwnam("nobody")
        os.chown(folder, person.pw_uid, person.pw_gid)
        account = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    data = folder / "data"
    init = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run([programs() / "initdb", *init], cwd="/", check=True, capture_output=True, **account)
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    postgres = subprocess.Popen(
        [programs() / "postgres", "-D", str(data), *options], cwd="/", stderr=subprocess.DEVNULL, **account
    )
    ready = [programs() / "pg_isready", "-q", "-h", str(folder)]
    subprocess.run(["timeout", "30", "sh", "-c", 'until "$@"; do sleep 0.2; done', "sh", *map(str, ready)], check=True)
    yield f"postgres://postgres@{str(folder).replace('/', '%2F')}/postgres"
    postgres.terminate()
    postgres.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.alone
def test_the_oldest_supported_server_holds(server: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "PYTEST_", "DATABASE"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist", *TESTED],
        cwd=ROOT,
        env={**kept, "TEST_DATABASE_URL": server},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
