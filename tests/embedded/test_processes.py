"""How a fault of the machine or of a program becomes one sentence."""

import errno
from collections import namedtuple
from pathlib import Path

import pytest

from config.embedded import processes

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("initdb: error: no\ninitdb: removing contents of data directory", "initdb: error: no"),
        ("2026 FATAL:  could not extend file\n2026 HINT:  Check", "2026 FATAL:  could not extend file"),
        ("one\ntwo\n\n", "two"),
        ("  \n", "(aucun message)"),
    ],
)
def test_the_line_that_names_the_fault_is_the_one_shown(words: str, line: str) -> None:
    assert processes.telling_line(words) == line


@pytest.mark.parametrize("words", ["[Errno 28] No space left on device", "HINT:  Check free disk space.", "npm ENOSPC"])
def test_a_program_that_says_that_the_disk_is_full_is_believed(words: str, tmp_path: Path) -> None:
    assert processes.is_full(tmp_path, words)
    assert not processes.is_full(tmp_path, "permission denied")


def test_a_program_too_cramped_to_say_so_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 0))
    assert "plus de place" in str(processes.died("web", tmp_path / "web.log"))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Il n'y a plus de place"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Il n'y a plus de place"),
        (PermissionError(errno.EACCES, "Permission denied", "/a/file"), "/a/file\u00a0» est fermé à ce compte"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "/a/file"), "un fichier est là où il faut un dossier"),
        (OSError(errno.EROFS, "Read-only file system", "/a/file"), "son disque est en lecture seule"),
        (OSError(errno.EBADF, "Bad file descriptor"), "erreur EBADF du système"),
    ],
)
def test_an_error_about_a_file_says_which_and_what_to_do(error: OSError, sentence: str, tmp_path: Path) -> None:
    stop = processes.explain(error, tmp_path)
    assert sentence in str(stop)
    assert stop.code == str(stop)


def test_a_log_is_read_from_its_end_and_begins_anew_when_it_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log" / "web.log"
    assert processes.last_line(log) == "(journal vide)"
    for word in ("one", "two"):
        processes.await_end(processes.spawn(["echo", word * 3000], log), 10)
    assert processes.last_line(log).endswith("two")
    monkeypatch.setattr(processes, "_LOG_LIMIT", 10)
    processes.await_end(processes.spawn(["echo", "three"], log), 10)
    assert log.read_text() == "three\n"
    assert log.with_suffix(".log.1").exists()


def test_a_wheel_that_is_not_there_is_named() -> None:
    with pytest.raises(processes.Stop, match="lancez «\u00a0make start\u00a0»"):
        processes.wheel_folder("no_such_wheel")
