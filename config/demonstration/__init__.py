"""Fictional bodies, people and systems, as data, and their loading through the services that real people use."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent

# Shown by `make start`. Demonstration accounts exist in the embedded mode only: the program refuses to start elsewhere.
PASSWORD = "vigie-demonstration"  # noqa: S105


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
