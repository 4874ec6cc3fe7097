"""One PostgreSQL cluster on a private socket: prepared, started, stopped, never half made."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from config.embedded.account import Places
from config.embedded.processes import Stop, died, is_full, no_room, spawn, telling_line

MAJOR = "18"
DATABASE = "vigie"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
_START_SECONDS = 300  # recovery after a power cut may take minutes
_DURABLE = {"max_connections": "100"}
_THROW_AWAY = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
# The running program logs in as vigie_app, public pages read as vigie_public; the owner migrates and backs up.
_ROLES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vigie_app') THEN CREATE ROLE vigie_app LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vigie_public') THEN CREATE ROLE vigie_public NOLOGIN; END IF;
END $$;
GRANT vigie_public TO vigie_app;
"""


def database_url(run: Path, role: str, database: str = DATABASE) -> str:
    """The address of a database behind the socket in `run`."""
    return f"postgres://{role}@{str(run).replace('/', '%2F')}/{database}"


class Postgres:
    """The cluster in `places.data`, reached through a socket in `run` and by nobody else."""

    def __init__(self, places: Places, run: Path, log: Path, *, durable: bool) -> None:
        self.places, self.run, self.log, self.durable = places, run, log, durable
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._end_leftovers()
        if not self.durable:
            shutil.rmtree(self.places.data, ignore_errors=True)
        self._prepare()
        settings = {**(_DURABLE if self.durable else _THROW_AWAY), "listen_addresses": ""}
        options = [f"--{name}={value}" for name, value in settings.items()]
        self.process = spawn(
            [str(self.places.programs / "postgres"), "-D", str(self.places.data), "-k", str(self.run), *options],
            self.log,
            env=_ENVIRONMENT,
            **self.places.account.options(),
        )
        self._wait(self.process)
        self._create_database()

    def stop(self) -> None:
        """Fast shutdown by SIGINT: SIGTERM would wait for every client. SIGKILL could leave shared memory behind."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def command(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Runs one of PostgreSQL's own programs as its account."""
        argv = [str(self.places.programs / program), *map(str, arguments)]
        reading: dict[str, Any] = {"capture_output": True, "text": True, "errors": "replace", "check": False}
        return subprocess.run(argv, cwd="/", env=_ENVIRONMENT, **reading, **self.places.account.options())

    def query(self, sql: str, *, database: str = "postgres") -> str:
        arguments = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.run, "-U", "postgres", "-d", database]
        result = self.command("psql", *arguments, "-c", sql)
        self._succeed(result, "PostgreSQL a refusé une commande de préparation")
        return result.stdout.strip()

    def _succeed(self, result: subprocess.CompletedProcess[str], sentence: str) -> None:
        if result.returncode == 0:
            return
        if is_full(self.places.data.parent, result.stderr):
            raise no_room(self.places.data.parent)
        raise Stop(f"{sentence} : {telling_line(result.stderr)}")

    def _prepare(self) -> None:
        data, account = self.places.data, self.places.account
        version = data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise Stop(
                    f"Ces données sont de PostgreSQL {found} et ce logiciel livre PostgreSQL {MAJOR} : "
                    "suivez docs/upgrade.md."
                )
            return
        if data.exists() and any(data.iterdir()):
            raise Stop(f"« {data} » n'est pas une base complète : déplacez ou effacez ce dossier, puis relancez.")
        new = data.with_name("postgres.new")  # a cut initdb never leaves a half-made cluster under the real name
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        os.chown(new, account.uid, account.gid)
        locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments = ["-D", new, "-U", "postgres", "--auth=trust", "--no-instructions", *locale]
        result = self.command("initdb", *arguments, *([] if self.durable else ["--no-sync"]))
        self._succeed(result, "PostgreSQL n'a pas pu être préparé")
        new.rename(data)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        limit = time.monotonic() + _START_SECONDS
        while self.command("pg_isready", "-q", "-h", self.run).returncode != 0:
            if process.poll() is not None:
                raise died("PostgreSQL", self.log)
            if time.monotonic() > limit:
                raise Stop(f"PostgreSQL n'a pas démarré en {_START_SECONDS} secondes; voyez « {self.log} ».")
            time.sleep(0.05)

    def _create_database(self) -> None:
        self.query(_ROLES)
        if DATABASE not in self.query("SELECT datname FROM pg_database").split():
            self.query(f"CREATE DATABASE {DATABASE}")

    def _end_leftovers(self) -> None:
        """Ends a server that outlived its supervisor, and forgets pid files whose number is now another program's.

        We hold the lock of `var/`, so no supervisor looks after it any more. Only processes that live in our data
        directory are touched; PostgreSQL alone would refuse to start as soon as any process had the old number.
        """
        pid_file = self.places.data / "postmaster.pid"
        postmaster = int((pid_file.read_text().split() or ["0"])[0]) if pid_file.exists() else 0
        limit = time.monotonic() + 60
        asked = False
        while left := self._leftovers(postmaster):
            if time.monotonic() > limit:
                raise Stop(f"Un ancien PostgreSQL ne s'arrête pas (processus {left[0]}) : arrêtez-le, puis relancez.")
            if postmaster in left and not asked:
                os.kill(postmaster, signal.SIGINT)
                asked = True
            time.sleep(0.1)
        for file in (pid_file, *self.run.glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)

    def _leftovers(self, postmaster: int) -> list[int]:
        """PostgreSQL and all its children have the data directory as working directory."""
        if sys.platform == "linux":
            return [int(entry.parent.name) for entry in Path("/proc").glob("[0-9]*/cwd") if self._is_at_data(entry)]
        if not postmaster:
            return []
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(postmaster)], capture_output=True, text=True)
        return [postmaster] if str(self.places.data) in shown.stdout else []

    def _is_at_data(self, entry: Path) -> bool:
        try:
            return entry.readlink() == self.places.data.resolve()
        except OSError:  # gone, or somebody else's
            return False
