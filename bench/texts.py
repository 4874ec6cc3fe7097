"""Texts for the public search: rows of the real Canadian register when they are beside the project, else built-in ones.

Every sheet is signed by one kind of unit, whose words are thus in all of them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.plant import ROOT

QUERIES = Path(__file__).with_name("queries.txt")
REAL = ROOT.parent / "shared" / "data" / "registries" / "ca" / "gc-ai-register-mvp_2025-11.csv"
UNIT = "Direction des données et des services numériques"
RARE, SOME, MOST = "rares", "de 1 à 10 %", "presque partout"
BUILT_IN = 400


@dataclass(frozen=True)
class Texts:
    name: str
    name_en: str
    summary: str
    need: str
    benefit: str


def queries() -> dict[str, list[str]]:
    """Each third with its searches."""
    found: dict[str, list[str]] = {}
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            third = found.setdefault(line.strip("[]"), [])
        elif line.strip() and not line.startswith("#"):
            third.append(line.strip())
    return found


def texts() -> list[Texts]:
    return list(_real() if REAL.is_file() else _built_in())


def _real() -> Iterator[Texts]:
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            told = row["description_ai_system_fr"]
            yield Texts(
                name=row["name_ai_system_fr"][:190] or row["ai_register_id"],
                name_en=row["name_ai_system_en"][:190],
                summary=told[:300].strip() or "Un outil de tous les jours.",
                need=f"Le besoin. {told[300:]} {row['data_sources_fr']} {row['ai_system_capabilities_fr']}"[:2900],
                benefit=row["ai_system_results_fr"][:1900].strip() or "Une réponse plus rapide.",
            )


def _built_in() -> Iterator[Texts]:
    """A rare word is in one text, a commoner one in one of twenty."""
    thirds = queries()
    rare, some = ([word for query in thirds[third] for word in query.split()] for third in (RARE, SOME))
    for number in range(BUILT_IN):
        words = [*rare[number : number + 1], *some[number % 20 :: 20], *some[(number + 7) % 20 :: 20]]
        told = f"Aide au travail de tous les jours : {', '.join(words)}."
        yield Texts(f"Outil {number} {words[0]}", "", told, told * 4, "Une réponse plus rapide.")
