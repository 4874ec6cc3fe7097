"""A row that stayed out, of an inventory or of a register from elsewhere: corrected on a page, and tried again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from core.services import NotPossibleNow
from registry.forms.import_rows import row_form
from registry.models import ImportRow, ImportRun
from registry.services.imports import register_language, retry_register_row, retry_row
from registry.views.imports import run_in_scope
from registry.views.scope import person
from registry.workflow import RowOutcome, RunKind, RunState


@require_http_methods(["GET", "HEAD", "POST"])
def import_row(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Correct a row that stayed out, and try it again."""
    run = run_in_scope(request, uuid)
    row = get_object_or_404(ImportRow.objects.select_related("system"), run=run, number=number)
    if run.state != RunState.DONE:
        raise NotPossibleNow(_("Wait until the import is finished, then correct the rows that stayed out."))
    form = row_form(request.POST if request.method == "POST" else None, run=run, row=row)
    if request.method == "POST" and form.is_valid():
        retry = retry_register_row if run.kind == RunKind.REGISTER else retry_row
        row = retry(row=row, cells=form.cells, by=person(request))
        if row.outcome != RowOutcome.REJECTED:
            messages.success(request, _("Row %(number)d came in.") % {"number": number})
        form = row_form(run=run, row=row)
    if row.outcome != RowOutcome.REJECTED:
        return SeeOther(reverse("registry:import_run", args=[run.uuid]))
    form.tell(row.problems)
    context = {"run": run, "row": row, "form": form, "language": _language(run)}
    return render(request, "registry/imports/row.html", context, status=422 if request.method == "POST" else 200)


def _language(run: ImportRun) -> str:
    """Of the texts of the file."""
    return register_language(run.register) if run.kind == RunKind.REGISTER else "fr"
