"""An installed configuration, in a process of its own: what a server would have in its environment."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database(name: str = "", role: str = "") -> str:
    """The address of a database of the tests' server, as the program's role would see it."""
    server = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[0]
    return f"{server}/{name or connection.settings_dict['NAME']}" + (f"?options=-c%20role%3D{role}" if role else "")


def environment(**changed: str) -> dict[str, str]:
    """Complete and safe; what a test changes makes it fail. An empty value takes the variable away."""
    whole = {
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
        "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VIGIE_VAR": os.environ["VIGIE_VAR"],
        "SECRET_KEY": "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6",
        "DATABASE_URL": database(role="vigie_app"),
        "BROKER_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp://account:secret@mail.example:587/?tls=True",
        "PUBLIC_URL": "https://vigie.example",
        "ALLOWED_HOSTS": "vigie.example",
        "BEHIND_TLS_PROXY": "1",
    }
    return {name: value for name, value in {**whole, **changed}.items() if value}


def run(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**changed), capture_output=True, text=True, timeout=120)
