"""A whole small installation in processes of its own: embedded services, relays and workers that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.embedded import Embedded

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = "SELECT count(*), count(DISTINCT object_ref) FROM core_auditevent WHERE verb = 'test_effect'"
OPEN = "SELECT count(*) FROM core_intent WHERE state NOT IN ('done', 'failed')"


class Plant:
    """Its own PostgreSQL and Valkey, migrated; `stop` ends everything it started."""

    def __init__(self, **environment: str) -> None:
        self.services = Embedded(ROOT, durable=False, broker=True)
        self.running: list[subprocess.Popen[bytes]] = []
        try:
            found = self.services.start()
            self.env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **found, **environment}
            owner = {**self.env, "DATABASE_URL": found["OWNER_DATABASE_URL"]}
            self.run(["manage.py", "migrate", "--noinput", "--verbosity", "0"], env=owner)
        except BaseException:
            self.stop()
            raise

    def run(self, argv: list[str], env: dict[str, str] | None = None) -> None:
        """One command to its end."""
        subprocess.run([sys.executable, *argv], cwd=ROOT, env=env or self.env, check=True)

    def start(self, argv: list[str], name: str) -> subprocess.Popen[bytes]:
        """One process that stays, leader of its own group, so that a kill takes its children too."""
        with (self.services.var / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *argv],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_relay(self) -> subprocess.Popen[bytes]:
        return self.start(["manage.py", "relay"], "relay")

    def start_worker(self, concurrency: int = 2) -> subprocess.Popen[bytes]:
        """As `make start` does it."""
        options = ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        return self.start(["-m", "celery", "-A", "config", "worker", *options], "worker")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """`kill -9` of the whole group: no process of it says goodbye."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def numbers(self, sql: str) -> tuple[int, ...]:
        assert self.services.postgres is not None
        return tuple(int(word) for word in self.services.postgres.query(sql, database="vigie").split("|"))

    def wait_until(self, is_so: Callable[[], bool], seconds: float) -> None:
        limit = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > limit:
                logs = "\n".join(path.read_text()[-2000:] for path in self.services.var.glob("*.log"))
                raise AssertionError(f"Not after {seconds} seconds. What the processes said:\n{logs}")
            time.sleep(0.05)

    def stop(self) -> None:
        for process in list(self.running):
            self.kill(process)
        self.services.stop()
