"""Before anything runs: the port, the environment, the choice of what a new database holds."""

import contextlib
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config import command, first_run, start
from config.embedded import Stop


def site(host: str = "127.0.0.1", port: str = "8000") -> start.Site:
    return start.Site(cast(Any, SimpleNamespace(var=Path("var"))), host, port)


def test_a_port_in_use_names_one_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as stopped:
            site(port=str(port)).check_port()
    said = str(stopped.value)
    assert said.startswith(f"Le port {port} est déjà pris : tapez « PORT=")
    site(port=said.partition("PORT=")[2].split()[0]).check_port()


@pytest.mark.parametrize("port", ["0", "65536", "huit mille", "-1", "80; rm"])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    with pytest.raises(Stop, match="donnez un nombre de 1 à 65535"):
        site(port=port)


def test_a_port_of_root_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: start.Site, port: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(start.Site, "_bind", refuse)
    with pytest.raises(Stop, match="réservé à root"):
        site(port="80").check_port()


@pytest.mark.parametrize("host", ["pas une adresse", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_one_sentence(host: str) -> None:
    with pytest.raises(Stop, match=f"HOST={host} n'est pas une adresse de cette machine"):
        site(host=host).check_port()


class TestEnvironment:
    def test_the_embedded_default_needs_nothing(self, tmp_path: Path) -> None:
        env = {"DATABASE_URL": "postgres://…"}
        start.complete_environment(env, tmp_path, "127.0.0.1", is_embedded=True)
        assert env["VIGIE_EMBEDDED"] == "1"
        assert env["VIGIE_VAR"] == str(tmp_path)
        assert "ALLOWED_HOSTS" not in env

    def test_what_is_given_wins(self, tmp_path: Path) -> None:
        env = {"SECRET_KEY": "given", "EMAIL_URL": "smtp://mail.example"}
        start.complete_environment(env, tmp_path, "127.0.0.1", is_embedded=True)
        assert env["SECRET_KEY"] == "given"

    def test_a_database_of_ones_own_is_an_installation(self, tmp_path: Path) -> None:
        env = {"DATABASE_URL": "postgres://…", "EMAIL_URL": "smtp://mail.example"}
        start.complete_environment(env, tmp_path, "127.0.0.1", is_embedded=False)
        assert "VIGIE_EMBEDDED" not in env
        assert env["ALLOWED_HOSTS"].startswith("localhost")

    def test_an_installation_must_say_how_mail_leaves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/vigie")
        monkeypatch.delenv("EMAIL_URL", raising=False)
        with pytest.raises(Stop, match="donnez aussi EMAIL_URL"):
            start.start()

    def test_an_empty_value_is_no_value(self, tmp_path: Path) -> None:
        env = {"SECRET_KEY": ""}
        start.complete_environment(env, tmp_path, "127.0.0.1", is_embedded=True)
        assert env["SECRET_KEY"]

    def test_the_secret_key_is_made_once_and_private(self, tmp_path: Path) -> None:
        (tmp_path / "secret-key").write_text("cut")
        key = command.secret_key(tmp_path)
        assert len(key) >= 50
        assert command.secret_key(tmp_path) == key
        (tmp_path / "secret-key").unlink()
        assert command.secret_key(tmp_path) != key
        assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


class FakeServer:
    """Keeps the comment of one database, as PostgreSQL does."""

    def __init__(self, content: str = "") -> None:
        self.content = content

    def query(self, sql: str) -> str:
        if sql.startswith("COMMENT"):
            self.content = sql.split("'")[1]
        return f"postgres|default\nvigie|{self.content}"


class TestContent:
    @pytest.fixture(autouse=True)
    def loads(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        steps: list[str] = []
        monkeypatch.setattr(first_run, "run_step", lambda name, command, env: steps.append(name))
        return steps

    def choose(self, server: FakeServer, **env: str) -> bool:
        return first_run.choose_content(cast(Any, server), ["manage.py"], env)

    def test_the_first_run_loads_the_demonstration_once(self, loads: list[str]) -> None:
        server = FakeServer()
        assert self.choose(server)
        assert self.choose(server)
        assert loads == ["demonstration"]

    def test_a_load_that_was_cut_is_begun_again(self, monkeypatch: pytest.MonkeyPatch, loads: list[str]) -> None:
        def fail(*_: object) -> None:
            raise Stop("cut")

        server = FakeServer()
        with monkeypatch.context() as patched:
            patched.setattr(first_run, "run_step", fail)
            with contextlib.suppress(Stop):
                self.choose(server)
        assert self.choose(server)
        assert loads == ["demonstration"]

    def test_a_register_that_began_empty_never_receives_it(self, loads: list[str]) -> None:
        server = FakeServer()
        assert not self.choose(server, DEMO="0")
        assert not self.choose(server)
        assert loads == []

    def test_demo_0_on_the_demonstration_says_how_to_leave_it(self) -> None:
        with pytest.raises(Stop, match="make demo-reset"):
            self.choose(FakeServer(first_run.LOADED), DEMO="0")

    def test_a_database_of_ones_own_never_receives_it(self, loads: list[str]) -> None:
        assert not first_run.choose_content(None, ["manage.py"], {})
        assert loads == []
