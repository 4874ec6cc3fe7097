"""`python -m bench [--write]`: measures on services of its own, prints the table; `--write` keeps docs/bench.md."""

import argparse
import os
import time
from datetime import date

from bench import results
from bench.plant import ROOT, Plant
from bench.results import say

SMALL, LARGE = 1000, 10_000
COPY = "vigie_small"
PAGE = ROOT / "docs" / "bench.md"
HEAD = """# La vitesse, mesurée

Speed, measured by `make bench` on services of its own (`python -m bench --write` rewrites this page).
Chaque mesure porte son objectif et un repère du même essai, car deux machines ne se comparent pas. Les deux tailles du
registre sont mesurées à tour de rôle, dans deux bases du même serveur; le temps montré est le premier quartile, que les
à-coups de la machine n'atteignent pas. Les travaux sont mesurés deux fois, le meilleur passage compte.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Mesure la vitesse de Vigie.")
    parser.add_argument("--write", action="store_true", help="écrit aussi docs/bench.md")
    is_written = parser.parse_args().write
    start = time.monotonic()
    say("Préparation d'une base à part…")
    plant = Plant(durable=True, **environment())
    try:
        found, place = measure_all(plant)
    finally:
        plant.stop()
    table = results.as_text(found)
    say(f"\n{table}\n\n" + "\n".join(place))
    say(f"Mesuré en {results.number(time.monotonic() - start)}\u00a0s.")
    if is_written:
        about = "\n".join(f"- {line}" for line in [f"Mesuré le {date.today().isoformat()}", *place])
        PAGE.write_text(f"{HEAD}\n{results.as_markdown(found)}\n\n{about}\n", encoding="utf-8")
        say(f"Écrit dans {PAGE.relative_to(ROOT)}.")


def environment() -> dict[str, str]:
    """As `make start` completes it, with nothing of the machine's own database or mailbox."""
    for name in ("EMAIL_URL", "DEBUG", "PUBLIC_URL", "OIDC_URL", "STATICFILES_BACKEND", "VIGIE_WEB"):
        os.environ.pop(name, None)
    return {"VIGIE_EMBEDDED": "1", "SECRET_KEY": "bench-" * 12, "LOG_LEVEL": "WARNING"}


def measure_all(plant: Plant) -> tuple[list[results.Result], list[str]]:
    plant.env["VIGIE_VAR"] = str(plant.var / "site")
    plant.run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
    os.environ.update(plant.env)
    import django

    django.setup()
    from bench import assessed, assessments, content, documents, entering, jobs, memory, pages, register, search

    place = results.machine(plant.sql("SHOW server_version"))
    say(f"Registre de {results.number(SMALL)}, puis de {results.number(LARGE)} systèmes…")
    person = content.fill_bodies()
    search.fill(plant, person)
    assessed.fill(plant, person)
    content.fill_systems(1, SMALL, person)
    copy_database(plant)
    content.fill_systems(SMALL + 1, LARGE, person)
    for database in ("vigie", COPY):
        plant.sql("VACUUM ANALYZE", database=database)
    say("Pages…")
    found = pages.measure(person, {SMALL: COPY, LARGE: "vigie"})
    say("Recherche publique…")
    found += search.measure()
    plant.start_relay()
    worker = plant.start_worker()
    say("Travaux de la boîte d'envoi…")
    found += jobs.measure(plant)
    say("Fiches en PDF…")
    found += documents.measure(plant, person)
    plant.kill(worker)
    say("Mémoire du processus Web…")
    found += memory.measure(plant, person)
    say("Évaluations…")
    found += assessments.measure(plant)
    say("Registre d'ailleurs…")
    found += register.measure()
    say("Entrée au registre, par lots…")
    return found + entering.measure(), place


def copy_database(plant: Plant) -> None:
    """The small register, set aside while the other one grows."""
    from django.db import connection

    connection.close()
    plant.sql(f"CREATE DATABASE {COPY} TEMPLATE vigie", database="postgres")


if __name__ == "__main__":
    main()
