"""Services that are not ours: what does not answer is one French sentence, without a password, before all else."""

import os
import socket
from collections.abc import Iterator

import psycopg
import pytest

from config import outside, start
from config.embedded import Stop

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that accepts and then says nothing."""
    monkeypatch.setattr(outside, "PATIENCE_SECONDS", 2)  # libpq waits two seconds at least
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"127.0.0.1:{server.getsockname()[1]}"


def said(**given: str) -> str:
    with pytest.raises(Stop) as stopped:
        outside.check(given)
    sentence = str(stopped.value)
    assert "secret" not in sentence and "\n" not in sentence
    return sentence


@pytest.mark.parametrize("name", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_a_database_that_does_not_answer(name: str) -> None:
    sentence = said(**{name: f"postgres://vigie:secret@{NOWHERE}/vigie"})
    assert f"ne répond pas à «\u00a0{NOWHERE}\u00a0»" in sentence and f"donnés dans {name}." in sentence


@pytest.mark.parametrize("address", ["postgres:///vigie?host=/nowhere", "postgres://secret@[::/vigie"])
def test_a_database_at_no_address(address: str) -> None:
    assert said(DATABASE_URL=address).startswith("La base de données ne répond pas\u00a0:")


@pytest.mark.slow
def test_a_database_that_says_nothing(silent: str) -> None:
    assert "ne répond pas" in said(DATABASE_URL=f"postgres://vigie:secret@{silent}/vigie")


def test_a_database_that_refuses(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError('FATAL: password authentication failed for user "secret"')

    monkeypatch.setattr(outside.psycopg, "connect", refuse)
    sentence = said(DATABASE_URL=f"postgres://vigie:secret@{silent}/vigie")
    assert "refuse la connexion" in sentence and "mot de passe" in sentence


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["redis", "rediss", "amqp"])
def test_a_broker_that_does_not_answer(scheme: str) -> None:
    sentence = said(BROKER_URL=f"{scheme}://vigie:secret@{NOWHERE}/0")
    assert f"ne répond pas à «\u00a0{NOWHERE}\u00a0»" in sentence and "BROKER_URL" in sentence


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_says_nothing(scheme: str, silent: str) -> None:
    assert "ne répond pas" in said(BROKER_URL=f"{scheme}://vigie:secret@{silent}/0")


def test_what_answers_is_not_mentioned() -> None:
    outside.check({"BROKER_URL": "memory://", "DATABASE_URL": os.environ["DATABASE_URL"]})
    outside.check({})


@pytest.mark.slow
def test_a_start_asks_before_it_prepares_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.Site, "check_port", lambda self: None)
    monkeypatch.setattr(start, "Embedded", lambda *_, **__: type("Kept", (), {"var": start.ROOT})())
    monkeypatch.setattr(start.prepare, "prepare", lambda: pytest.fail("prepared"))
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("BROKER_URL", f"redis://{NOWHERE}/0")
    with pytest.raises(Stop, match="BROKER_URL"):
        start.start()
