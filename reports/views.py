"""Pages of reports: the list, one report while it is made and after, its content as a page, its file."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from assessments.models import Assessment, Submission
from core import files
from organizations.models import User
from organizations.permissions import Permission, is_permitted_anywhere
from registry.models import AISystem
from reports.exports import context_of
from reports.filters import DEFAULT_ORDER, ReportFilter, ordered
from reports.forms import SheetForm
from reports.models import Report
from reports.services import (
    check_may_request,
    check_may_request_of,
    hand_out,
    job_of,
    request_assessment_report,
    request_sheet,
    restart_report,
)
from reports.workflow import ReportKind

PAGE_SIZE = 25
UNPROCESSABLE = 422
PAGES = {ReportKind.SYSTEM_SHEET: "reports/sheet_page.html", ReportKind.ASSESSMENT: "reports/assessment_page.html"}


class StaffRequest(HttpRequest):
    """A request of somebody who signed in: LoginRequiredMiddleware lets nobody else in."""

    user: User


class SeeOther(HttpResponseRedirect):
    """After a form was accepted: read the answer there."""

    status_code = 303


@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    """Reports of the bodies where this person makes reports."""
    mine = Report.objects.visible_to(request.user)
    listed = mine.select_related("system", "organization", "requested_by", "file").defer("content", "html")
    chosen = ReportFilter(request.GET, queryset=listed)
    found = ordered(chosen.qs, request.GET.get("sort", "")) if chosen.is_valid() else listed.none()
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "filters": chosen.form,
        "is_filtered": any(request.GET.getlist(name) for name in chosen.filters),
        "default_order": DEFAULT_ORDER,
        "may_make": is_permitted_anywhere(request.user, Permission.MAKE_REPORT),
    }
    return render(request, "reports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_system_sheet(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Ask for the sheet of a system; the same form stands on the page of the system."""
    visible = AISystem.objects.visible_to(request.user).select_related("organization")
    system = get_object_or_404(visible, uuid=uuid)
    check_may_request(system, request.user)
    form = SheetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        report = request_sheet(system=system, by=request.user, **form.cleaned_data)
        return SeeOther(reverse("reports:report", args=[report.uuid]))
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"system": system, "report_form": form, "demonstration": system.organization.is_demonstration}
    return render(request, "reports/request.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def request_assessment(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Ask for the PDF of an assessment; `?version=`: of one version that was submitted."""
    visible = Assessment.objects.visible_to(request.user).with_what_it_needs()
    assessment = get_object_or_404(visible, uuid=uuid)
    check_may_request_of(assessment, request.user)
    submission = _submission(request, assessment)
    form = SheetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = request_assessment_report(
            assessment=assessment, submission=submission, by=request.user, **form.cleaned_data
        )
        return SeeOther(reverse("reports:report", args=[made.uuid]))
    context = {
        "assessment": assessment,
        "submission": submission,
        "report_form": form,
        "demonstration": assessment.organization.is_demonstration,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/request_assessment.html", context, status=status)


def _submission(request: StaffRequest, assessment: Assessment) -> Submission | None:
    number = request.GET.get("version", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise Http404
    submissions = Submission.objects.filter(assessment=assessment).select_related("submitted_by", "case")
    return get_object_or_404(submissions, number=int(number))


@require_safe
def report(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Where a report stands; once ready, its page and its file. htmx asks for the changing part alone."""
    found = _visible(request, uuid)
    waits = not (found.is_ready or found.has_failed)
    context = _shown(found) | {"job": job_of(found) if waits else None}
    is_part = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "reports/partials/state.html" if is_part else "reports/report.html", context)


@require_safe
def report_page(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The frozen content as a page: a PDF is never the only form."""
    found = _visible(request, uuid)
    return render(request, PAGES[ReportKind(found.kind)], _shown(found) | context_of(found))


@require_GET
def report_file(request: StaffRequest, uuid: UUID) -> FileResponse:
    """The PDF as a download; who took it is in the ledger."""
    return files.as_attachment(hand_out(report=_visible(request, uuid), by=request.user))


@require_POST
def restart(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """«Recommencer» after a failure."""
    again = restart_report(report=_visible(request, uuid), by=request.user)
    return SeeOther(reverse("reports:report", args=[again.uuid]))


def _visible(request: StaffRequest, uuid: UUID) -> Report:
    visible = Report.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("organization", "system", "requested_by", "file"), uuid=uuid)


def _shown(found: Report) -> dict[str, Any]:
    return {"report": found, "demonstration": found.organization.is_demonstration}
