"""Typed reading of the environment: the only place where Vigie looks at `os.environ`.

A value that cannot be read stops the program with one sentence, before anything is half started. In plain French: the
catalogue is not there yet. Never with the value of an address, which holds a password.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


class BadEnvironment(ImproperlyConfigured):
    """A variable is missing or cannot be read; its sentence says which and what to give."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    value = text(name).lower()
    if value in {"", "0", "1", "true", "false", "yes", "no", "oui", "non"}:
        return value in {"1", "true", "yes", "oui"}
    raise BadEnvironment(f"{name} doit valoir 0 ou 1, et non « {value} ».")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise BadEnvironment(f"{name} doit être un nombre entier, et non « {value} ».")
    return int(value)


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def choice(name: str, default: str, among: Sequence[str]) -> str:
    value = text(name, default).upper()
    if value not in among:
        raise BadEnvironment(f"{name} doit être l'un de {', '.join(among)}, et non « {value} ».")
    return value


def required(name: str, *, when: str = "") -> str:
    value = text(name)
    if not value:
        raise BadEnvironment(f"Il manque {name}{when and f' ({when})'} : voyez docs/install.md.")
    return value


def address(name: str, schemes: Sequence[str], *, optional: bool = False) -> str:
    """`scheme://…`; `make start` gives those of the embedded services."""
    value = text(name) if optional else required(name, when="« make start » la donne")
    if value and value.partition("://")[0] not in schemes:
        raise BadEnvironment(f"{name} doit commencer par {' ou '.join(f'{scheme}://' for scheme in schemes)}.")
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise BadEnvironment(f"{name} n'est pas une adresse lisible : voyez docs/install.md.") from None
    return value


def options(name: str) -> dict[str, Any]:
    """An object in JSON; nothing when the variable is not there."""
    try:
        found = json.loads(text(name, "{}"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadEnvironment(f'{name} doit être un objet JSON, comme {{"bucket_name": "vigie"}}.')
    return found
