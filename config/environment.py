"""Typed reading of the environment: the only place where Vigie looks at `os.environ`.

A value that cannot be read stops the program with one sentence, before anything is half started.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"", "0", "1", "true", "false", "yes", "no", "oui", "non"}:
        return default if not value else value in {"1", "true", "yes", "oui"}
    raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def required(name: str, *, when: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is required {when}; see docs/install.md.")
    return value
