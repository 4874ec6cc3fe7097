"""The six columns of the «Portrait des utilisations de l'IA» (Québec). Pure.

The list that the ministerial order prescribes was never seen: these are the columns of the published data set. The
page of open data says so: a line above the columns would be taken for them.
"""

from collections.abc import Mapping
from typing import Any

from registry.field_catalogue import CATALOGUE

HEADS = (
    "nom de l'actif informatique, du projet ou de l'initiative en IA",
    "catégorie",
    "organisme public responsable",
    "portefeuille",
    "bénéfices associés",
    "statut",
)
# Also the status of a system that is suspended or retired. The data set has three statuses and no other (dictionary of
# «Portrait public des utilisations de l'IA dans l'administration publique québécoise», Données Québec, 2025: «Solution
# en production», «Développement de la solution», «Information indisponible»): neither of the first two would be true
# of what is stopped, and a status of our own would not be the Portrait any more. The register tells the phase.
UNKNOWN = "Information indisponible"


def portrait_row(document: Mapping[str, Any], portfolios: Mapping[str, str]) -> tuple[str, ...] | None:
    """One system in the words of the Portrait; nothing for one that is not described to the public.

    `portfolios`: slug of a body → name of the ministry it belongs to.
    """
    system, body = document["system"], document["body"]
    if not system.get("name"):
        return None
    return (
        _french(system["name"]),
        _code("category", system.get("category", "")),
        _french(body["name"]),
        portfolios.get(body["slug"], _french(body["name"])),
        _french(system.get("benefit", {})) or UNKNOWN,
        _code("phase", system.get("phase", "")) or UNKNOWN,
    )


def _french(texts: Mapping[str, str]) -> str:
    return texts.get("fr") or next(iter(texts.values()), "")


def _code(field: str, code: str) -> str:
    """The Portrait's word for a code; our own where it has none."""
    for choice in CATALOGUE.field(field).choices:
        if choice.code == code:
            return choice.standards.get("qc_portrait", choice.label["fr"] if field == "category" else "")
    return ""
