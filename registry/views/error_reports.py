"""Errors that visitors report: the queue and the answer."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from organizations.permissions import Permission, is_permitted_anywhere, organizations_where
from registry import permissions
from registry.forms.people import AnswerForm
from registry.models import ErrorReport
from registry.rules.delays import answer_due_on
from registry.services.citizens import answer_error_report
from registry.views.scope import person
from registry.workflow import ReportState

PER_PAGE = 25


@require_safe
def error_reports(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, oldest first; what was answered, on request."""
    if not is_permitted_anywhere(person(request), Permission.ANSWER_CITIZENS):
        raise NotAllowed(_("Your functions do not let you answer visitors."))
    wanted = ReportState.ANSWERED if request.GET.get("state") == ReportState.ANSWERED else ReportState.RECEIVED
    bodies = organizations_where(person(request), Permission.ANSWER_CITIZENS)
    ours = ErrorReport.objects.filter(organization__in=bodies)
    order = "received_at" if wanted == ReportState.RECEIVED else "-answered_at"
    found = ours.filter(state=wanted).select_related("system", "organization").order_by(order, "id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(report, answer_due_on(clock.civil_date(report.received_at))) for report in page]
    context = {
        "page": page,
        "rows": rows,
        "is_answered": wanted == ReportState.ANSWERED,
        "waiting": ours.filter(state=ReportState.RECEIVED).count(),
        "today": clock.civil_date(clock.now()),
    }
    return render(request, "registry/error_reports.html", context)


def _report_in_scope(request: HttpRequest, uuid: UUID) -> ErrorReport:
    """A report of one's own body; reading what a visitor wrote takes the function to answer it."""
    seen = organizations_where(person(request), Permission.READ_DECLARED)
    found = ErrorReport.objects.select_related("system", "organization", "answered_by")
    report = found.filter(uuid=uuid, organization__in=seen).first()
    if report is None:
        raise Http404
    if not permissions.can_answer_citizens(person(request), report.organization):
        raise NotAllowed(_("Your functions in this body do not let you answer visitors."))
    return report


@require_http_methods(["GET", "HEAD", "POST"])
def error_report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One report and its answer."""
    report = _report_in_scope(request, uuid)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_error_report(report=report, answer=form.cleaned_data["answer"], by=person(request))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("Your answer is kept; the visitor can read it."))
            return SeeOther(reverse("registry:error_reports"))
    context = {
        "report": report,
        "form": form,
        "is_answered": report.state == ReportState.ANSWERED,
        "due": answer_due_on(clock.civil_date(report.received_at)),
        "today": clock.civil_date(clock.now()),
    }
    return render(request, "registry/error_report.html", context, status=422 if request.method == "POST" else 200)
