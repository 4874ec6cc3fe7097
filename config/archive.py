"""The file of a backup: a tar whose last member, the manifest, names, sizes and digests all the others.

A file that was cut has no manifest. Reading one is reading something that may come from anywhere.
"""

import hashlib
import json
import os
import re
import tarfile
import tomllib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from config.embedded import Stop

ROOT = Path(__file__).resolve().parent.parent
DUMP, MANIFEST = "database.dump", "manifest.json"
UNCHANGED = "Rien n'a été changé."
_CHUNK = 1 << 20


def pack(target: Path, dump: Path, files: Path, facts: dict[str, Any]) -> int:
    """Writes the dump, then the private files; says how many files. Under a temporary name until it is complete."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as tar:
                members = {DUMP: _add(tar, DUMP, dump)}
                # After the dump: a file that a row of the dump names was there before it.
                for path in sorted(path for path in files.rglob("*") if path.is_file()):
                    name = f"files/{path.relative_to(files).as_posix()}"
                    members[name] = _add(tar, name, path)
                _add_manifest(tar, {**facts, "members": members})
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return len(members) - 1


def unpack(source: Path, staging: Path) -> dict[str, Any]:
    """Puts the members in `staging` and returns the manifest; refuses all when one is not what the manifest says."""
    broken = Stop(f"« {source} » n'est pas une sauvegarde complète de Vigie. {UNCHANGED}")
    try:
        seen, content = _read_members(source, staging)
        manifest: dict[str, Any] = json.loads(content)
        members = dict(manifest["members"])
        made_by, _ = str(manifest["vigie"]), str(manifest["made_at"])
    except FileNotFoundError:
        raise Stop(f"« {source} » n'existe pas : make restore FILE=chemin.tar. {UNCHANGED}") from None
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError):
        raise broken from None
    wrong = sorted(name for name in {*members, *seen, DUMP} if name not in seen or members.get(name) != seen[name])
    if wrong:
        raise Stop(f"« {source} » est abîmé : « {wrong[0]} » n'a pas l'empreinte notée. {UNCHANGED}")
    if _numbers(made_by) > _numbers(version()):
        raise Stop(f"Cette sauvegarde vient de Vigie {made_by}, plus récente que celle-ci ({version()}). {UNCHANGED}")
    return manifest


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _read_members(source: Path, staging: Path) -> tuple[dict[str, dict[str, Any]], bytes]:
    """The digest and size of each member, now a file of `staging`; and the manifest."""
    seen: dict[str, dict[str, Any]] = {}
    content = b""
    with tarfile.open(source, mode="r:") as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            if file is None or not _is_plain(member.name) or member.name in seen:
                raise Stop(f"« {source} » contient « {member.name} », qu'une sauvegarde n'a pas. {UNCHANGED}")
            if member.name == MANIFEST:
                content = file.read()
                continue
            place = staging / member.name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as out:
                seen[member.name] = _copy(file, out)
    return seen, content


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
    content = json.dumps({"vigie": version(), "made_at": made_at, **facts}, indent=1).encode()
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


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
