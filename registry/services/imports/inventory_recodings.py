"""How the words of an inventory were read: said and counted, for the answers that are chosen from a list."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from registry.field_catalogue import CATALOGUE
from registry.models import ImportRow, ImportRun
from registry.standards.words import fold, one_line

# Field → every official way to write each answer: reading one of these changes nothing.
_OFFICIAL: Mapping[str, Mapping[str, str]] = {
    field.code: {fold(text): choice.code for choice in field.choices for text in (choice.code, *choice.label.values())}
    for field in CATALOGUE.fields
    if field.choices
}
_LONGEST_SHOWN = 120
_BETWEEN = re.compile(r"[,;/|\n]")


def recodings_of(row: ImportRow, values: Mapping[str, Any], columns: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(field, as typed, code) where the file used other words than ours."""
    found = []
    for header, field in columns.items():
        typed = one_line(row.cells.get(header, ""))[:_LONGEST_SHOWN]
        value = values.get(field) if field in _OFFICIAL else None
        code = ", ".join(value) if isinstance(value, list) else value
        if code and typed and not _are_ours(field, typed, value):
            found.append((field, typed, code))
    return found


def _are_ours(field: str, typed: str, value: Any) -> bool:
    """The answers in words of ours, one or several, in whatever order they stand."""
    if not isinstance(value, list):
        return bool(_OFFICIAL[field].get(fold(typed)) == value)
    choices = [CATALOGUE.field(field).choice(code) for code in value]
    # A label may hold a comma too: it is cut at the same places on both sides.
    ways = [", ".join(choice.code for choice in choices)]
    ways += [", ".join(choice.label[language] for choice in choices) for language in ("fr", "en")]
    return _pieces(typed) in map(_pieces, ways)


def _pieces(text: str) -> frozenset[str]:
    return frozenset(fold(piece) for piece in _BETWEEN.split(text)) - {""}


def count_recodings(run: ImportRun, rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """The most frequent first. Counted over rows that come in, as those of a register are."""
    columns = run.mapping["columns"]
    return _listed(Counter(each for row in rows for each in recodings_of(row, row.values, columns)))


def add_recodings(run: ImportRun, row: ImportRow) -> list[dict[str, Any]]:
    """Those of the run, and of one row that came in after all."""
    counts = Counter({(each["field"], each["from"], each["to"]): each["count"] for each in run.recodings})
    counts.update(recodings_of(row, row.values, run.mapping["columns"]))
    return _listed(counts)


def _listed(counts: Counter[tuple[str, str, str]]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"field": field, "kind": "synonym", "from": typed, "to": code, "count": count}
        for (field, typed, code), count in ordered
    ]
