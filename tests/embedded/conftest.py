"""A folder for a clone, and a supervisor in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.embedded import Embedded

DRIVE = Path(__file__).with_name("drive.py")


@pytest.fixture
def empty_clone() -> Iterator[Path]:
    """An open folder, as a clone outside /root is; pytest's own are closed, which is a case by itself."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-clone-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def prepared_clone() -> Iterator[Path]:
    """Making a cluster takes longer than everything else in these tests, so they share one."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-clone-"))
    folder.chmod(0o755)
    embedded = Embedded(folder, broker=False)
    embedded.start()
    embedded.stop()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def clone(prepared_clone: Path) -> Iterator[Path]:
    """A folder where Vigie has run before; whatever state its cluster was left in, the next start must do with it."""
    yield prepared_clone
    for path in (*prepared_clone.iterdir(), *(prepared_clone / "var").iterdir()):
        if path.name not in {"var", "postgres"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


class Driven:
    """A supervisor that runs, and what it has said."""

    def __init__(self, root: Path, programs: dict[str, list[str]], *, uid: int | None = None, **env: str) -> None:
        argv = [sys.executable, str(DRIVE), str(root), json.dumps(programs), *([str(uid)] if uid else [])]
        self.process = subprocess.Popen(
            argv, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.started: dict[str, Any] = json.loads(self.process.stdout.readline() or "{}")

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """The exit status and everything said since the start."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out + err

    def left(self, seconds: float = 10) -> list[int]:
        """Children that still run, after some patience."""
        limit = time.monotonic() + seconds
        while alive := [pid for pid in self.started["children"] if is_alive(pid)]:
            if time.monotonic() > limit:
                break
            time.sleep(0.05)
        return alive


def is_alive(pid: int) -> bool:
    """A zombie that nobody waits for is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def drive(clone: Path) -> Iterator[Callable[..., Driven]]:
    driven: list[Driven] = []  # ended before the clone is tidied

    def start(*arguments: Any, **options: Any) -> Driven:
        driven.append(Driven(*arguments, **options))
        return driven[-1]

    yield start
    for each in driven:
        each.end(signal.SIGTERM)
