"""A whole small installation in processes of its own: embedded services, relays, workers and a site, all to be ended.

The tests that kill workers use it too.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from config.embedded import Embedded

ROOT = Path(__file__).resolve().parent.parent
PORT = 8799


class Plant:
    """Its own PostgreSQL and Valkey, migrated; `stop` ends and erases everything it started.

    `durable`: the settings of production, with every commit on disk; else those of the tests.
    """

    def __init__(self, *, durable: bool = False, **environment: str) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="vigie-plant-"))
        self.var.chmod(0o711)  # as root, PostgreSQL runs under another account
        self.services = Embedded(ROOT, var=self.var, durable=durable, broker=True)
        self.running: list[subprocess.Popen[bytes]] = []
        try:
            found = self.services.start()
            self.env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **found, **environment}
            owner = {**self.env, "DATABASE_URL": found["OWNER_DATABASE_URL"]}
            self.run(["manage.py", "migrate", "--noinput", "--verbosity", "0"], env=owner)
        except BaseException:
            self.stop()
            raise

    def run(self, argv: list[str], env: Mapping[str, str] | None = None) -> None:
        """One command to its end."""
        subprocess.run([sys.executable, *argv], cwd=ROOT, env=env or self.env, check=True)  # noqa: S603 — ours

    def start(self, argv: list[str], name: str, **environment: str) -> subprocess.Popen[bytes]:
        """One process that stays, leader of its own group, so that a kill takes its children too."""
        with (self.var / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 — our own programs
                [sys.executable, *argv],
                cwd=ROOT,
                env={**self.env, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_relay(self, **environment: str) -> subprocess.Popen[bytes]:
        return self.start(["manage.py", "relay"], "relay", **environment)

    def start_worker(self, concurrency: int = 2, **environment: str) -> subprocess.Popen[bytes]:
        """As `make start` does it."""
        options = ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        return self.start(["-m", "celery", "-A", "config", "worker", *options], "worker", **environment)

    def start_web(self, threads: int = 4, **environment: str) -> subprocess.Popen[bytes]:
        """As `make start` does it."""
        options = ["--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(PORT), "--workers", "1"]
        argv = ["-m", "granian", *options, "--blocking-threads", str(threads), "config.wsgi:application"]
        return self.start(argv, "web", VIGIE_WEB="1", WEB_THREADS=str(threads), **environment)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """`kill -9` of the whole group: no process of it says goodbye."""
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def on(self, database: str) -> dict[str, str]:
        """What a process is started with to work on another database of the same server."""
        return {"DATABASE_URL": f"{self.env['DATABASE_URL'].rpartition('/')[0]}/{database}"}

    def sql(self, statement: str, *, database: str = "vigie") -> str:
        """As the owner of the database."""
        if self.services.postgres is None:
            raise RuntimeError("This plant was stopped.")
        return self.services.postgres.query(statement, database=database)

    def numbers(self, statement: str) -> tuple[int, ...]:
        return tuple(int(word) for word in self.sql(statement).split("|"))

    def wait_until(self, is_so: Callable[[], bool], seconds: float, *, step: float = 0.05) -> None:
        limit = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > limit:
                logs = "\n".join(path.read_text()[-2000:] for path in self.var.glob("*.log"))
                raise AssertionError(f"Not after {seconds} seconds. What the processes said:\n{logs}")
            time.sleep(step)

    def stop(self) -> None:
        for process in list(self.running):
            self.kill(process)
        self.services.stop()
        shutil.rmtree(self.var, ignore_errors=True)
