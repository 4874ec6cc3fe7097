"""Where bodies stand before the register as a CSV file, in the reader's words."""

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.text import reader_language, safe_cell
from registry.public.coverage import BodyCoverage


def coverage_csv(rows: Sequence[BodyCoverage]) -> bytes:
    """One line a body, with how to reach it."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
    # Above the heads, a sentence would be taken for them: what is fictitious has a column.
    has_mark = any(row.body.is_demonstration for row in rows)
    heads = (_("Sigle"), _("Name"), _("Kind of body"), _("State"), _("Systems"), _("Sheets to come"))
    rest = [_("Not disclosed"), _("Attested on"), _("Function"), _("To renew"), _("Public e-mail")]
    writer.writerow([*heads, *rest, *([_("Demonstration")] if has_mark else [])])
    for row in rows:
        mark = [_("Yes") if row.body.is_demonstration else _("No")] if has_mark else []
        writer.writerow([safe_cell(cell) for cell in (*_line(row), *mark)])
    # With the mark by which Excel knows UTF-8.
    return "\ufeff".encode() + target.getvalue().encode()


def _line(row: BodyCoverage) -> list[object]:
    facts, no_ai = row.body.facts, row.no_ai
    attested = [no_ai.on.isoformat(), no_ai.function, _("Yes") if no_ai.is_to_renew else _("No")] if no_ai else [""] * 3
    figures = [row.systems, row.lines, row.withheld]
    return [facts.sigle, row.body.name.text, row.body.kind_label, row.label, *figures, *attested, facts.email]
