"""The documents of this room, typeset from their frozen content."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from core.pdf import RenderedPdf, render_pdf
from reports.models import Report
from reports.workflow import ReportKind

PAPER = {ReportKind.SYSTEM_SHEET: "reports/system_sheet.html", ReportKind.ASSESSMENT: "reports/assessment.html"}


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


def assessment_of(report: Report) -> dict[str, Any]:
    """The frozen assessment: `told`, in the words of its day, and what is known of the document itself."""
    content: dict[str, Any] = deepcopy(report.content)
    return content | {"generated_at": datetime.fromisoformat(content["generated_at"])}


def context_of(report: Report) -> dict[str, Any]:
    """What the templates of its kind read, on paper and on the web."""
    if report.kind == ReportKind.ASSESSMENT:
        made = assessment_of(report)
        return {"made": made, "told": made["told"]}
    return {"sheet": sheet_of(report)}


def typeset(report: Report) -> RenderedPdf:
    """The PDF of a report: the same report gives the same bytes, however often it is made."""
    context = context_of(report)
    made = context.get("made") or context["sheet"]
    with override(report.language):
        html = render_to_string(PAPER[ReportKind(report.kind)], context)
        return render_pdf(
            html=html,
            language=report.language,
            identifier=f"vigie:report:{report.uuid}",
            created=made["generated_at"],
        )
