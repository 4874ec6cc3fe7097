"""The rows of a file that stayed out, as a file: to be corrected where it was made, and handed in again."""

import csv
import io
from typing import Any

from django.utils.translation import gettext as _

from core.text import reader_language, safe_cell
from registry.models import ImportRow, ImportRun
from registry.services.imports import told_problem


def rejects_csv(run: ImportRun, rows: list[ImportRow]) -> bytes:
    """The row number, why it stayed out, then its cells as they stood; nothing in it runs in a spreadsheet."""
    headers: list[str] = run.mapping.get("headers") or _headers(rows)
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
    # Above the heads, a sentence would be taken for them: what is fictitious has a column.
    is_fictitious = run.organization is not None and run.organization.is_demonstration
    mark_head, mark = ([_("Demonstration")], [_("Yes")]) if is_fictitious else ([], [])
    writer.writerow([_("Row"), _("Why it stayed out"), *map(safe_cell, headers), *mark_head])
    for row in rows:
        cells: list[Any] = [row.cells.get(header, "") for header in headers]
        writer.writerow([row.number, _reasons(row), *map(safe_cell, cells), *mark])
    # With the mark by which Excel knows UTF-8.
    return "\ufeff".encode() + target.getvalue().encode()


def _headers(rows: list[ImportRow]) -> list[str]:
    """The columns in the order they are first met."""
    return list(dict.fromkeys(header for row in rows for header in row.cells))


def _reasons(row: ImportRow) -> str:
    told = [told_problem(problem) for problem in row.problems]
    colon = "\u00a0: " if reader_language() == "fr" else ": "
    return " / ".join(f"{label}{colon}{sentence}" if label else sentence for label, sentence in told)
