"""The strategy's yearly indicator, by its definition: does a document count, and was a benefit followed? Pure."""

from collections.abc import Mapping
from typing import Any

from registry.field_catalogue import STRATEGIES

# Of a system that counts: none of its benefits was ever measured against a target; or its document does not say.
NONE, UNKNOWN = "none", "unknown"
# Beside the codes of a document that says: what has no mark is not known, whatever the reason.
TOLD = "told"
COUNTED_PHASES: frozenset[str] = frozenset(
    phase
    for strategy in STRATEGIES
    for field in strategy.indicator.denominator_fields
    if field["field"] == "phase"
    for phase in field["values"]
)


def followed_benefits(document: Mapping[str, Any]) -> list[str]:
    """Nothing for a system that does not count. Else the years for which a benefit that has a target was measured,
    or `none`; `unknown` where the rows are not told: a line, or a document of the first shape. Never a zero.
    """
    if document["system"].get("phase") not in COUNTED_PHASES:
        return []
    if document["kind"] != "sheet" or "details" not in document:
        return [UNKNOWN]
    parts = document["details"].get("parts", {})
    aimed = {row["id"] for row in parts.get("benefits", ()) if row.get("target") not in (None, "")}
    measured = {
        str(row["year"])
        for row in parts.get("measures", ())
        if row.get("benefit") in aimed and row.get("value") not in (None, "") and row.get("year")
    }
    return [TOLD, *(sorted(measured) or [NONE])]


def objectives_told(document: Mapping[str, Any]) -> list[str]:
    """The objectives that the sheet names; `none` for a sheet that names none; nothing where there is no sheet."""
    if document["kind"] != "sheet":
        return []
    named = document["system"].get("strategy_objectives", ())
    return [TOLD, *named] if named else [NONE]
