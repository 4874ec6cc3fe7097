"""One way to start, end and explain a process; one way to stop with a sentence."""

import contextlib
import ctypes
import errno
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Loaded here and not in the child: between fork and exec only what is already in memory is safe to call.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10_000_000
_ALMOST_NOTHING = 4_000_000
_FULL_MARKS = ("No space left on device", "Check free disk space", "ENOSPC")
_FAULT = re.compile(r"\b(error|fatal|panic):", re.IGNORECASE)


class Stop(SystemExit):
    """The program cannot go on: one clear sentence for the person, exit status 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)  # the interpreter prints it on standard error

    def __str__(self) -> str:
        return str(self.code)


class Busy(Stop):
    """Another process of ours holds this `var/`: the site, or a command that will soon end."""

    def __init__(self, root: Path, holder: str) -> None:
        self.holder = holder
        if holder == "site":
            super().__init__(f"Vigie tourne déjà dans « {root} » : arrêtez-la d'abord (Ctrl-C).")
        else:
            super().__init__(
                f"Une commande utilise déjà la base de « {root} » : attendez qu'elle finisse, puis relancez."
            )


def no_room(path: Path) -> Stop:
    return Stop(f"Il n'y a plus de place sur le disque de « {path} » : libérez-en, puis relancez.")


def is_full(path: Path, words: str = "") -> bool:
    """A program that failed says that the disk is full, or could not even say it."""
    return any(mark in words for mark in _FULL_MARKS) or shutil.disk_usage(path).free < _ALMOST_NOTHING


def telling_line(words: str) -> str:
    """The line of a program's complaint that names the fault: what follows it is advice and clean-up."""
    lines = [line.strip() for line in words.splitlines() if line.strip()] or ["(aucun message)"]
    return next((line for line in lines if _FAULT.search(line)), lines[-1])


# What the system says in the language of its own.
_SAID = {
    errno.ENOENT: "il n'existe pas",
    errno.EROFS: "son disque est en lecture seule",
    errno.ENOTDIR: "un fichier est là où il faut un dossier",
    errno.EISDIR: "un dossier est là où il faut un fichier",
    errno.EEXIST: "autre chose porte déjà ce nom",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.EIO: "le disque ne répond pas",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.ENOMEM: "il n'y a plus de mémoire",
    errno.ENOEXEC: "ce n'est pas un programme de cette machine",
    errno.ELOOP: "ses liens tournent en rond",
}


def explain(error: OSError, path: Path) -> Stop:
    """Turns a system error about a file into the sentence to print."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return no_room(path)
    where = error.filename or path
    if isinstance(error, PermissionError):
        return Stop(f"« {where} » est fermé à ce compte : vérifiez à qui il appartient et ses droits, puis relancez.")
    said = _SAID.get(error.errno or 0, f"erreur {errno.errorcode.get(error.errno or 0, 'inconnue')} du système")
    return Stop(f"« {where} » ne peut pas servir : {said}.")


def die_with_parent() -> None:
    """Runs in the child: a supervisor killed with -9 leaves no orphan (Linux; elsewhere the next start cleans up)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def spawn(
    argv: list[str], log: Path, *, cwd: Path | str = "/", env: Mapping[str, str] | None = None, **account: Any
) -> subprocess.Popen[bytes]:
    """Starts a process of ours: own session (a Ctrl-C of the terminal reaches only the supervisor), output to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
            **account,
        )


def await_end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Waits for a process that was asked to leave; after `grace` seconds it is killed, and always what it left behind.

    Its children share its session, so they are known by its number even when it was killed before it could end them.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(max(grace, 0.1))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_line(log: Path) -> str:
    """What a dead process said last."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            lines = file.read().decode(errors="replace").split("\n")
    except FileNotFoundError:
        lines = []
    return next((line.strip() for line in reversed(lines) if line.strip()), "(journal vide)")


def died(name: str, log: Path) -> Stop:
    """The sentence for a process that stopped by itself."""
    line = last_line(log)
    if is_full(log.parent, line):
        return no_room(log.parent)
    return Stop(f"« {name} » s'est arrêté : {line}\nTout est dans « {log} ».")


def wheel_folder(package: str, *parts: str) -> Path:
    """A folder of an installed wheel, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Stop(f"Il manque le paquet « {package} » : lancez « make start », qui l'installe.")
    return Path(next(iter(spec.submodule_search_locations)), *parts)
