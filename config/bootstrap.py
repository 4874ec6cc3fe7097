"""Makes `.venv` and fills it from the hash-locked `requirements/`: what `make` runs before anything else.

Run by the system's Python (`python3 -I config/bootstrap.py embedded`), so: standard library only, nothing that
Python 3.8 does not know.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
MINIMUM = (3, 11)
NO_ROOM = f"Il faut 1 Go libre sur le disque de « {ROOT} » : libérez de la place, puis relancez."
FREE_BYTES = 1_000_000_000  # .venv, node_modules and the caches of a first installation


def main(name: str, *, is_start: bool = False) -> int:
    """Installs one lock. A sentence and 1 when it cannot. `is_start`: the site starts next."""
    lock = ROOT / "requirements" / (name + ".txt")
    if sys.version_info < MINIMUM:
        shown = ".".join(map(str, sys.version_info[:2]))
        return stop(
            f"Vigie demande Python 3.11 ou plus récent, et non {shown} : essayez « make start PYTHON=python3.12 »."
        )
    try:
        with alone():
            if is_installed(lock):
                return 0
            if is_start and (taken := port_taken()):
                return stop(taken)
            if shutil.disk_usage(ROOT).free < FREE_BYTES:
                return stop(NO_ROOM)
            return make_venv() or install(lock)
    except OSError as error:
        return stop(refused(error))
    except KeyboardInterrupt:
        return stop("Installation interrompue; relancez la même commande, elle reprendra.")


def refused(error: OSError) -> str:
    """What the system refused, in French: its own words come in the language of the machine."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NO_ROOM
    where = error.filename or ROOT
    if error.errno == errno.EROFS:
        return f"« {where} » est sur un disque en lecture seule : clonez Vigie ailleurs, ou rendez-le inscriptible."
    if isinstance(error, PermissionError):
        return f"« {where} » est fermé à ce compte : vérifiez à qui il appartient et ses droits, puis relancez."
    if isinstance(error, (FileExistsError, NotADirectoryError, IsADirectoryError)):
        return f"« {where} » n'est pas ce qu'il faut (fichier ou dossier) : déplacez-le, puis relancez."
    code = errno.errorcode.get(error.errno or 0, "inconnue")
    return f"« {where} » ne peut pas servir (erreur {code} du système) : vérifiez ce dossier, puis relancez."


def port_taken() -> str:
    """A sentence when the port of the site is in use: said before a long installation, which `config.start` follows
    with a free one and with every other case.
    """
    port = os.environ.get("PORT") or "8000"
    if not (port.isdigit() and 0 < int(port) < 65536):
        return ""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            os.environ.get("HOST") or "127.0.0.1", int(port), type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = int(port) % 65535 + 1
            return f"Le port {port} est déjà pris : donnez-en un autre, par exemple « PORT={other} make start »."
    return ""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two terminals may start the same clone: the second waits for the first one's installation."""
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    with open(folder / "install.lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Une autre installation est en cours dans ce dossier; j'attends qu'elle finisse…")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_venv() -> int:
    """A `.venv` that was half made, or whose Python has gone, is made anew."""
    if PYTHON.exists() and quiet([PYTHON, "-m", "pip", "--version"]) == 0:
        return 0
    say("Création de l'environnement Python (.venv)…")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode == 0:
        return 0
    shutil.rmtree(VENV, ignore_errors=True)
    if "ensurepip" in made.stdout + made.stderr:
        return stop("Il manque le module venv de Python : tapez « sudo apt-get install python3-venv », puis relancez.")
    return stop(f"L'environnement Python n'a pas pu être créé : {last_line(made.stderr)}")


def install(lock: Path) -> int:
    """With uv, itself taken from the lock, or with pip when uv cannot. Both refuse a file of another hash."""
    say(f"Installation des bibliothèques ({lock.name})…")
    by_pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    by_uv = [UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock]
    wants_uv = bootstrap_uv([*by_pip, "--require-hashes"])
    if not (wants_uv and quiet(by_uv) == 0):
        argv = [str(word) for word in [*by_pip, "--require-hashes", "-r", lock]]
        done = subprocess.run(argv, stderr=subprocess.PIPE, text=True)
        if "No space left" in (done.stderr or ""):
            return stop(NO_ROOM)
        if done.returncode:
            return stop(f"Les bibliothèques n'ont pas pu être installées : {last_line(done.stderr)}")
    stamp(lock).write_text(fingerprint(lock), encoding="utf-8")
    return 0


def bootstrap_uv(by_pip: list[object]) -> bool:
    """Installs the uv that the lock pins, and nothing else."""
    lock = (ROOT / "requirements" / "embedded.txt").read_text(encoding="utf-8")
    pinned = re.search(r"^uv==\S+(?: \\\n\s+--hash=\S+)+", lock, re.MULTILINE)
    if pinned is None:
        return False
    alone_in_file = VENV / "uv.txt"
    alone_in_file.write_text(pinned.group() + "\n", encoding="utf-8")
    return quiet([*by_pip, "-r", alone_in_file]) == 0


def is_installed(lock: Path) -> bool:
    try:
        return stamp(lock).read_text(encoding="utf-8") == fingerprint(lock)
    except (OSError, subprocess.SubprocessError):
        return False


def fingerprint(lock: Path) -> str:
    """The lock and the Python that its packages were installed for: a system upgrade changes the second."""
    version = subprocess.run([str(PYTHON), "-V"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {version}"


def stamp(lock: Path) -> Path:
    return VENV / f"installed-{lock.stem}"


def quiet(argv: list[object]) -> int:
    return subprocess.run(list(map(str, argv)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "(aucun message)")


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "embedded", is_start="--start" in sys.argv))
