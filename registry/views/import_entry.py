"""The complete drafts of a file are declared together: how many, and whether the public reads them, is said before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from registry.services.imports import can_be_entered, enter_imported, entry_forecast, is_being_entered
from registry.services.imports.access import body_of
from registry.services.systems import check_may_declare
from registry.views.imports import run_in_scope
from registry.views.scope import person
from registry.workflow import RunKind


@require_http_methods(["GET", "HEAD", "POST"])
def import_entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    run = run_in_scope(request, uuid, kind=RunKind.INVENTORY)
    back = reverse("registry:import_run", args=[run.uuid])
    if request.method == "POST":
        run = enter_imported(run=run, publishes=request.POST.get("publishes") == "yes", by=person(request))
        messages.success(request, _told(run.mapping["entry"]))
        return SeeOther(back)
    check_may_declare(person(request), body_of(run))
    if not can_be_entered(run) or is_being_entered(run):
        return SeeOther(back)
    return render(request, "registry/imports/entry.html", {"run": run, "forecast": entry_forecast(run)})


def _told(entry: dict[str, int]) -> str:
    if not entry["is_done"]:
        return _("The drafts are entering the register. You may close this page.")
    sentence = ngettext("%(count)d system declared.", "%(count)d systems declared.", entry["entered"])
    return sentence % {"count": entry["entered"]}
