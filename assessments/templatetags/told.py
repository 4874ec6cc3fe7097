"""Tables of told answers in templates, from the live objects or from the JSON that a report froze."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


def _read(block: Any, name: str) -> Any:
    return block[name] if isinstance(block, Mapping) else getattr(block, name)


@register.filter
def headed_rows(block: Any) -> list[list[tuple[str, Any]]]:
    """Each cell with the head of its column, that a narrow screen shows beside it."""
    heads = [_read(column, "text") for column in _read(block, "columns")]
    return [list(zip(heads, row, strict=True)) for row in _read(block, "rows")]


@register.filter
def rows_as_pairs(block: Any) -> list[list[dict[str, Any]]]:
    """Each row as labels and values, one under the other; nothing for what is empty. Of lines that have one answer
    each, the line itself is the label.
    """
    columns = _read(block, "columns")
    if len(columns) == 2 and _read(block, "has_heads"):
        lines = [{"label": line, "value": cell} for line, cell in _read(block, "rows") if _read(cell, "text")]
        return [lines] if lines else []
    rows = [
        [{"label": head, "value": cell} for head, cell in zip(columns, row, strict=True) if _read(cell, "text")]
        for row in _read(block, "rows")
    ]
    return [row for row in rows if row]


@register.filter
def leads_to(cell: Any) -> str:
    """Where these words lead; «» for most. What was frozen before words led anywhere says nothing of it."""
    found = cell.get("address", "") if isinstance(cell, Mapping) else getattr(cell, "address", "")
    return str(found)
