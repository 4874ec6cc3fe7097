"""Coverage of the register as a table of open data: a line a body. The data dictionary says what each column is."""

from collections.abc import Iterable
from typing import Any

from registry.public.coverage import BodyCoverage
from registry.public.open_data.columns import columns_of
from registry.public.open_data.flat import flag

# Told as programs read them, where they read JSON.
_FLAGS = {"true": True, "false": False, "": None}
_YES_OR_NO = ("no_ai_to_renew", "is_demonstration")

# What each means is said with the columns of the other files.
COLUMNS = tuple(columns_of("coverage"))


def line(row: BodyCoverage) -> list[Any]:
    """In the order of `COLUMNS`."""
    body, facts, no_ai = row.body, row.body.facts, row.no_ai
    return [
        facts.slug,
        facts.sigle,
        facts.name.get("fr", ""),
        facts.name.get("en", ""),
        facts.kind,
        body.parent_slug,
        str(row.state or ""),
        row.systems,
        row.lines,
        row.withheld,
        no_ai.on.isoformat() if no_ai else "",
        no_ai.code if no_ai else "",
        no_ai.note.text if no_ai else "",
        flag(no_ai.is_to_renew if no_ai else None),
        body.closed_on.isoformat() if body.closed_on else "",
        flag(body.is_demonstration),
    ]


def lines(rows: Iterable[BodyCoverage]) -> list[list[Any]]:
    return [line(row) for row in rows]


def as_dicts(rows: Iterable[BodyCoverage]) -> list[dict[str, Any]]:
    """The same for programs."""
    told = [dict(zip(COLUMNS, line(row), strict=True)) for row in rows]
    return [values | {name: _FLAGS[values[name]] for name in _YES_OR_NO} for values in told]
