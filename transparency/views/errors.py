"""«Signaler une erreur» on a sheet, and following what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit import Visitor
from core.services import InvalidInput, NotPossibleNow
from core.text import reader_language
from registry.public.reported import find_reported_error
from registry.public.sheet import Sheet, find_sheet
from registry.services.intake import report_error
from transparency.forms import ErrorReportForm
from transparency.views.page import SeeOther, public_form, public_page, show_unkept

UNPROCESSABLE, CONFLICT = 422, 409


@public_form
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the body what is wrong. Nothing typed is lost when something is missing."""
    sheet = find_sheet(reference)
    if sheet is None or not sheet.is_shown:
        raise Http404
    if request.method != "POST":
        return _form_page(request, sheet, ErrorReportForm())
    form = ErrorReportForm(request.POST)
    if not form.is_valid():
        return _form_page(request, sheet, form, status=UNPROCESSABLE)
    try:
        kept = report_error(reference=reference, language=reader_language(), by=Visitor(), **form.handed_in)
    except InvalidInput as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return _form_page(request, sheet, form, status=UNPROCESSABLE)
    except NotPossibleNow as refusal:
        form.add_error(None, refusal.sentence)
        return _form_page(request, sheet, form, status=CONFLICT)
    return SeeOther(reverse("transparency:reported", args=[kept.code]) + "?recu=1")


@public_page
def reported(request: HttpRequest, code: str) -> HttpResponse:
    """State and answer, for whoever holds the code."""
    found = find_reported_error(code)
    if found is None:
        raise Http404
    context = {"report": found, "is_new": request.GET.get("recu") == "1", "sheet": find_sheet(found.reference)}
    return show_unkept(request, "transparency/reported.html", context)


@public_page
def follow(request: HttpRequest) -> HttpResponse:
    """Type a code, read the answer."""
    typed = request.GET.get("code", "").strip()[:30]
    found = find_reported_error(typed) if typed else None
    if found:
        return SeeOther(reverse("transparency:reported", args=[found.code]))
    problem = _("No report has this code. Check each letter; there is no O, no I, no 0 and no 1.") if typed else ""
    return show_unkept(request, "transparency/follow_report.html", {"typed": typed, "problem": problem})


def _form_page(request: HttpRequest, sheet: Sheet, form: ErrorReportForm, *, status: int = 200) -> HttpResponse:
    context = {"sheet": sheet, "form": form, "demonstration": sheet.is_demonstration}
    return show_unkept(request, "transparency/report_error.html", context, status=status)
