"""The documents of this room, typeset from their frozen content."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from core.pdf import RenderedPdf, render_pdf
from reports.models import Report


def sheet_of(report: Report) -> dict[str, Any]:
    """The frozen sheet, with its dates as dates."""
    sheet: dict[str, Any] = deepcopy(report.content["sheet"])
    sheet["generated_at"] = datetime.fromisoformat(sheet["generated_at"])
    if sheet["published_on"]:
        sheet["published_on"] = date.fromisoformat(sheet["published_on"])
    for right in sheet["recourse"]["rights"]:
        if right["in_force_from"]:
            right["in_force_from"] = date.fromisoformat(right["in_force_from"])
    return sheet


def typeset(report: Report) -> RenderedPdf:
    """The PDF of a report: the same report gives the same bytes, however often it is made."""
    sheet = sheet_of(report)
    with override(report.language):
        html = render_to_string("reports/system_sheet.html", {"sheet": sheet})
        return render_pdf(
            html=html,
            language=report.language,
            identifier=f"vigie:report:{report.uuid}",
            created=sheet["generated_at"],
        )
