"""`make start`: from a clone whose libraries are installed to a site that answers, and back to nothing running."""

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import outside, prepare
from config.command import embedded_environment, secret_key
from config.embedded import Embedded, Stop
from config.embedded.processes import die_with_parent, explain, last_line, no_room
from config.first_run import choose_content
from config.supervisor import Program, leave_on_signals, say, supervise

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
FREE_BYTES = 200_000_000
READY_SECONDS = 120
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def main() -> None:
    die_with_parent()  # `make` killed with -9 takes us along, and we stop the database as we should
    leave_on_signals()
    try:
        start()
    except OSError as error:
        raise explain(error, ROOT) from error
    except KeyboardInterrupt:  # before anything ran
        raise Stop("Démarrage interrompu; « make start » le reprendra.") from None


def start() -> None:
    given = {name: value for name, value in os.environ.items() if value}
    if "DATABASE_URL" in given and "EMAIL_URL" not in given:
        raise Stop("Avec DATABASE_URL, donnez aussi EMAIL_URL (smtp://…) : voyez docs/install.md.")
    embedded = Embedded(ROOT, database="DATABASE_URL" not in given, broker="BROKER_URL" not in given)
    site = Site(embedded, given.get("HOST", "127.0.0.1"), given.get("PORT", "8000"))
    site.check_port()
    if shutil.disk_usage(embedded.var).free < FREE_BYTES:
        raise no_room(embedded.var)
    outside.check(given)
    prepare.prepare()
    supervise(embedded, site.programs, site.is_ready, site.announce)


def _first_host() -> str:
    """A name that the site answers to: the first of ALLOWED_HOSTS when it is given (of «.example», www.example)."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return "localhost" if first in {"", "*"} else f"www{first}" if first.startswith(".") else first


class Site:
    """The program's own processes, and what the person is told about them."""

    def __init__(self, embedded: Embedded, host: str, port: str) -> None:
        if not (port.isdigit() and 0 < int(port) < 65536):
            raise Stop(f"PORT={port} n'est pas un port : donnez un nombre de 1 à 65535, par exemple PORT=8001.")
        self.embedded, self.host, self.port = embedded, host, int(port)
        self.url = (os.environ.get("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/")
        self._welcome: subprocess.Popen[str] | None = None
        self._questionnaires: subprocess.Popen[bytes] | None = None
        self._limit = float("inf")

    def check_port(self) -> None:
        try:
            self._bind(self.port)
        except PermissionError:
            raise Stop(f"Le port {self.port} est réservé à root : tapez « PORT=8000 make start ».") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Stop(
                    f"HOST={self.host} n'est pas une adresse de cette machine : essayez HOST=127.0.0.1."
                ) from None
            free = next((port for port in range(self.port + 1, 65536) if self._is_free(port)), 8001)
            raise Stop(f"Le port {self.port} est déjà pris : tapez « PORT={free} make start ».") from None

    def programs(self, env: dict[str, str]) -> dict[str, Program]:
        """Brings the database up to date, then says what is to be run. Completes `env` for all of it."""
        is_embedded = self.embedded.postgres is not None
        complete_environment(env, self.embedded.var, self.host, is_embedded=is_embedded)
        prepare.static_files(MANAGE, env)
        say("Préparation de la base de données…")
        owner = env.get("OWNER_DATABASE_URL", env["DATABASE_URL"])
        prepare.run_step("migrate", [*MANAGE, "migrate", "--noinput"], {**env, "DATABASE_URL": owner})
        # Beside what follows: nothing waits for it but the announcement.
        self._questionnaires = _begin_sync(env)
        has_demonstration = choose_content(self.embedded.postgres, MANAGE, env)
        welcome = "demonstration_accounts" if has_demonstration else "first_link"
        with (self.embedded.var / "log" / "welcome.log").open("wb") as log:
            self._welcome = subprocess.Popen([*MANAGE, welcome], env=env, stdout=subprocess.PIPE, stderr=log, text=True)
        self._limit = time.monotonic() + READY_SECONDS
        say("Démarrage du site…")
        threads = env.setdefault("WEB_THREADS", "4")
        granian = ["granian", "--interface", "wsgi", "--no-ws", "--host", self.host, "--port", str(self.port)]
        route = env.setdefault("PUBLIC_FILES_ROUTE", "/fichiers")
        folder = Path(env["VIGIE_VAR"]) / "public"  # where the job writes them
        folder.mkdir(parents=True, exist_ok=True)
        granian += ["--static-path-route", route, "--static-path-mount", str(folder), "--static-path-expires", "60"]
        granian += ["--workers", "1", "--blocking-threads", threads, "config.wsgi:application"]
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        worker = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        return {
            "web": Program([sys.executable, "-m", *granian], {"VIGIE_WEB": "1"}),
            "worker": Program([*celery, *worker]),
            "beat": Program([*celery, "beat", "--pidfile=", "--schedule", str(self.embedded.var / "beat-schedule")]),
            "relay": Program([*MANAGE, "relay"]),
        }

    def is_ready(self) -> bool:
        if time.monotonic() > self._limit:
            raise Stop(f"Le site ne répond pas après {READY_SECONDS} secondes; voyez « {self.embedded.var / 'log'} ».")
        if self._questionnaires is not None and not _is_synced(self._questionnaires):
            return False
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 — asked, not bound
        host = f"[{host}]" if ":" in host else host
        request = urllib.request.Request(f"http://{host}:{self.port}/sante/pret", headers={"Host": _first_host()})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def announce(self) -> None:
        say(f"\nVigie est prête : {self.url}/")
        if self._welcome is not None:
            words, _ = self._welcome.communicate()
            say(words.rstrip())
        say("Pour arrêter : Ctrl-C.")

    def _bind(self, port: int) -> None:
        family, _, _, _, address = socket.getaddrinfo(self.host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
            probe.bind(address)

    def _is_free(self, port: int) -> bool:
        try:
            self._bind(port)
        except OSError:
            return False
        return True


def _begin_sync(env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Copies the released questionnaires that the database has not yet; most starts find nothing new."""
    with (prepare.LOGS / "sync_questionnaires.log").open("wb") as log:
        return subprocess.Popen([*MANAGE, "sync_questionnaires"], env=env, stdout=log, stderr=subprocess.STDOUT)


def _is_synced(process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is None:
        return False
    if process.returncode:
        log = prepare.LOGS / "sync_questionnaires.log"
        raise Stop(f"L'étape « sync_questionnaires » a échoué : {last_line(log)}\nTout est dans « {log} ».")
    return True


def complete_environment(env: dict[str, str], var: Path, host: str, *, is_embedded: bool) -> None:
    """What was not given. A database of one's own is an installation, without the demonstration."""
    if is_embedded:
        defaults = embedded_environment(var)
    else:
        defaults = {"VIGIE_VAR": str(var), "SECRET_KEY": secret_key(var)}
        if host in LOOPBACK:
            defaults["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1]"
    env.update({name: value for name, value in defaults.items() if not env.get(name)})


if __name__ == "__main__":
    main()
