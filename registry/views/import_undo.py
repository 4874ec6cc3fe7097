"""A finished inventory is undone: what would go and what stays is said before anything is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from registry.serializers.imports import kept_view
from registry.services.imports import can_be_undone, undo_forecast, undo_inventory_import
from registry.views.imports import run_in_scope
from registry.views.scope import person
from registry.workflow import RunKind


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Are you sure? How many drafts go, how many stay and why."""
    run = run_in_scope(request, uuid, kind=RunKind.INVENTORY)
    back = reverse("registry:import_run", args=[run.uuid])
    if request.method == "POST":
        undo_inventory_import(run=run, by=person(request))
        return SeeOther(back)
    if not can_be_undone(run):
        return SeeOther(back)
    forecast = undo_forecast(run)
    context = {"run": run, "deleted": forecast.pop("deleted"), "kept": kept_view(forecast)}
    return render(request, "registry/imports/undo.html", context)
