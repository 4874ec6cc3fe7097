"""«Signaler une erreur» on a sheet, and following what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit import Visitor
from core.services import InvalidInput, NotPossibleNow
from core.text import reader_language
from registry.public.reported import ANSWER_WITHIN_WORKING_DAYS, find_reported_error
from registry.public.sheet import Sheet, find_sheet
from registry.services.intake import report_error
from transparency.forms import ErrorReportForm
from transparency.views.page import SeeOther, public_form, public_page, show_unkept

NOT_FOUND, CONFLICT, UNPROCESSABLE = 404, 409, 422
LONGEST_CODE = 30


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
    """State and answer, for whoever holds the code. An address copied with a mistake asks for the code again."""
    found = find_reported_error(code)
    if found is None:
        return _ask_code(request, code, status=NOT_FOUND)
    context = {"report": found, "is_new": request.GET.get("recu") == "1", "sheet": find_sheet(found.reference)}
    return show_unkept(request, "transparency/reported.html", context)


@public_page
def follow(request: HttpRequest) -> HttpResponse:
    """Type a code, read the answer."""
    typed = request.GET.get("code", "").strip()[:LONGEST_CODE]
    found = find_reported_error(typed) if typed else None
    if found:
        return SeeOther(reverse("transparency:reported", args=[found.code]))
    return _ask_code(request, typed)


def _ask_code(request: HttpRequest, typed: str, *, status: int = 200) -> HttpResponse:
    problem = _("No report has this code. Check each letter; there is no O, no I, no 0 and no 1.") if typed else ""
    context = {"typed": typed[:LONGEST_CODE], "problem": problem}
    return show_unkept(request, "transparency/follow_report.html", context, status=status)


def _form_page(request: HttpRequest, sheet: Sheet, form: ErrorReportForm, *, status: int = 200) -> HttpResponse:
    context = {
        "sheet": sheet,
        "form": form,
        "working_days": ANSWER_WITHIN_WORKING_DAYS,
        "demonstration": sheet.is_demonstration,
    }
    return show_unkept(request, "transparency/report_error.html", context, status=status)
