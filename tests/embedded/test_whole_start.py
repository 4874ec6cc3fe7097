"""The real program, started as a person starts it, in a copy of this project; and the backup of a real register."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import prepare

pytestmark = [pytest.mark.long, pytest.mark.alone]
SECOND_START_SECONDS = 15 * 3  # the promise is 15; other tests share the machine
NOT_COPIED = (".git", ".venv", "node_modules", "var", "__pycache__", ".*_cache")


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """The files of this project in a folder with a difficult name; its front-end counts as built."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-clone-"))
    folder.chmod(0o755)
    root = folder / "Régie de l'IA"
    shutil.copytree(prepare.ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    (root / ".venv").symlink_to(prepare.ROOT / ".venv")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(prepare, "ROOT", root)
        sources = [root / "package.json", root / "package-lock.json", *prepare._files(root / "frontend")]
        prepare.Stamp("front-end", sources, root / "static" / "dist").write()
    yield root
    shutil.rmtree(folder)


class Site:
    """`make start` without make: a process, and what it prints."""

    def __init__(self, root: Path, **env: str) -> None:
        self.began = time.monotonic()
        env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PORT": "8231", **env}
        argv = [sys.executable, "-m", "config.start"]
        self.process = subprocess.Popen(
            argv, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = ""
        assert self.process.stdout is not None
        while "Pour arrêter" not in self.said and (line := self.process.stdout.readline()):
            self.said += line
        self.seconds = time.monotonic() - self.began

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:8231{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def command(root: Path, *words: str, **env: str) -> str:
    env = {"PATH": os.environ["PATH"], **env}
    done = subprocess.run([sys.executable, *words], cwd=root, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def count(root: Path) -> str:
    code = "from registry.models import AISystem; print('systems', AISystem.objects.count())"
    return command(root, "manage.py", "shell", "--verbosity", "0", "--command", code).strip()


def test_the_site_starts_answers_stops_and_starts_again_quickly(copy: Path) -> None:
    site = Site(copy)
    assert "Vigie est prête\u00a0: http://localhost:8231/" in site.said
    assert site.get("/sante/pret")[0] == 200
    status, page = site.get("/fr/")
    assert (status, "émonstration" in page) == (200, True)
    assert site.stop() == 0
    assert "Vigie est arrêtée" in site.said
    again = Site(copy)
    assert "Vigie est prête" in again.said
    assert "Chargement" not in again.said
    assert again.seconds < SECOND_START_SECONDS
    assert again.stop() == 0


def test_a_backup_made_while_it_runs_brings_everything_back(copy: Path) -> None:
    site = Site(copy)
    file = copy / "var" / "backups" / "with demonstration.tar"
    command(copy, "-m", "config.backup", "backup", FILE=str(file))
    before = count(copy)
    assert before != "systems 0"
    assert site.stop() == 0
    command(copy, "-m", "config.first_run")
    empty = Site(copy, DEMO="0")
    assert empty.said.count("http://localhost:8231/") == 2  # the site, and the link that makes the first account
    assert count(copy) == "systems 0"
    assert empty.stop() == 0
    command(copy, "-m", "config.backup", "restore", FILE=str(file))
    assert count(copy) == before
