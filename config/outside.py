"""The services that are not ours: asked once, before anything starts, whether they answer.

Each answers or is one sentence that names its variable and its server; never the rest of the address, which holds a
password.
"""

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg
from kombu.connection import Connection

from config.embedded import Stop

PATIENCE_SECONDS = 5


def check(given: Mapping[str, str]) -> None:
    """Raises `Stop` for the first that does not answer."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        if address := given.get(name):
            _check_database(name, address)
    if address := given.get("BROKER_URL"):
        _check_broker(address)


def _check_database(name: str, address: str) -> None:
    try:
        psycopg.connect(address, connect_timeout=PATIENCE_SECONDS).close()
    except psycopg.Error as error:
        where = _server(address)
        if not isinstance(error, psycopg.errors.ConnectionTimeout) and _listens(address, 5432):
            raise Stop(
                f"La base de données répond{where} et refuse la connexion : vérifiez dans {name} le nom de la base, "
                "le compte et le mot de passe."
            ) from None
        raise Stop(
            f"La base de données ne répond pas{where} : vérifiez qu'elle est démarrée, et le serveur et le port "
            f"donnés dans {name}."
        ) from None


def _check_broker(address: str) -> None:
    """Pages would work without it; no mail would leave and no PDF be made, and nobody would be told."""
    # One that accepts and then says nothing is waited for no longer: Redis and RabbitMQ each have their word for it.
    patience = {"read_timeout" if address.startswith("amqp") else "socket_timeout": PATIENCE_SECONDS}
    try:
        with Connection(  # type: ignore[no-untyped-call]
            address, connect_timeout=PATIENCE_SECONDS, transport_options=patience
        ) as connection:
            connection.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
    except Exception:  # every broker has its own errors
        raise Stop(
            f"Le serveur de messages ne répond pas{_server(address)} : vérifiez qu'il est démarré, et l'adresse donnée "
            "dans BROKER_URL. Sans lui, aucun courriel ne part et aucun PDF ne se fait."
        ) from None


def _server(address: str) -> str:
    """Where it was asked, to be put into a sentence; nothing for a socket or an address that cannot be read."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f" à « {parts.hostname}{port} »" if parts.hostname and "+socket" not in parts.scheme else ""


def _listens(address: str, port: int) -> bool:
    try:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname or "", parts.port or port), PATIENCE_SECONDS):
            return bool(parts.hostname)
    except (OSError, ValueError):
        return False
