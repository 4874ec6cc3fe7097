"""The everyday uses of a body as a CSV file."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.text import reader_language, safe_cell
from organizations.models import Organization
from registry.models import CommonToolUse
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.common_tools import QUESTIONS, question_label, shown_answer


def common_tools_csv(organization: Organization, uses: Iterable[CommonToolUse]) -> bytes:
    """Every use of the list, answered or not, in words."""
    known = {use.tool: use for use in uses}
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
    # Above the heads, a sentence would be taken for them: what is fictitious has a column.
    mark_head, mark = ([_("Demonstration")], [_("Yes")]) if organization.is_demonstration else ([], [])
    writer.writerow([_("Sigle"), _("Use"), *map(question_label, QUESTIONS), *mark_head])
    for tool in COMMON_TOOLS.tools:
        use = known.get(tool.code)
        told = [shown_answer(question, getattr(use, question)) if use else "" for question in QUESTIONS]
        writer.writerow([organization.sigle, tool.label[reader_language()], *map(safe_cell, told), *mark])
    # With the mark by which Excel knows UTF-8.
    return "\ufeff".encode() + target.getvalue().encode()
