"""What a new database is filled with: the demonstration or nothing. Chosen once, kept with the database itself.

A register that began empty never receives the demonstration later, even when somebody forgets to type DEMO=0.
"""

import os
import shutil
from typing import Protocol

from config.embedded import Embedded, Stop
from config.embedded.postgres import DATABASE, Postgres
from config.prepare import ROOT, run_step
from config.supervisor import say

EMPTY, LOADING, LOADED = "vigie: empty", "vigie: demonstration begun", "vigie: demonstration"


class AsksSql(Protocol):
    def query(self, sql: str) -> str: ...


def choose_content(postgres: Postgres | None, manage: list[str], env: dict[str, str]) -> bool:
    """Loads the demonstration where it is due; says whether this database holds it."""
    if postgres is None:
        return False
    content = read_content(postgres)
    if not content:
        content = EMPTY if env.get("DEMO") == "0" else LOADING
        write_content(postgres, content)
    if content == EMPTY:
        return False
    if env.get("DEMO") == "0":
        raise Stop("Cette base contient la démonstration : tapez « make demo-reset », puis « make start DEMO=0 ».")
    if content == LOADING:
        say("Chargement de la démonstration…")
        run_step("demonstration", [*manage, "load_demonstration"], env)
        write_content(postgres, LOADED)
    return True


def read_content(server: AsksSql, database: str = DATABASE) -> str:
    listed = server.query("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database").splitlines()
    return dict(line.split("|", 1) for line in listed)[database]


def write_content(server: AsksSql, content: str, database: str = DATABASE) -> None:
    server.query(f"COMMENT ON DATABASE \"{database}\" IS '{content}'")


def reset() -> None:
    """Erases the demonstration (`make demo-reset`). The next start chooses again. A real register is never touched."""
    if os.environ.get("DATABASE_URL"):
        raise Stop("make demo-reset n'agit que sur la base embarquée : relancez sans DATABASE_URL.")
    embedded = Embedded(ROOT, broker=False, holder="command")
    embedded.start()
    try:
        postgres = embedded.postgres
        if postgres is None or read_content(postgres) == EMPTY:
            raise Stop("Cette base n'est pas la démonstration : rien n'a été effacé.")
        postgres.query(f"DROP DATABASE {DATABASE}")
        for name in ("files", "mail"):
            shutil.rmtree(embedded.var / name, ignore_errors=True)
    finally:
        embedded.stop()
    say("La démonstration est effacée; « make start » la chargera de nouveau.")


if __name__ == "__main__":
    reset()
