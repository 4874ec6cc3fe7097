"""A body's own inventory, step by step: the file, its columns, what would come in."""

import uuid as uuids
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from organizations.permissions import Permission, organizations_where
from registry.forms.imports import ColumnsForm, InventoryForm, SheetForm
from registry.models import ImportRow, ImportRun
from registry.serializers.imports import (
    missing_fields,
    notes_view,
    planned_view,
    preview_tabs,
    recodings_view,
    steps_view,
)
from registry.services.imports import (
    abandon_run,
    choose_sheet,
    is_planned,
    is_stale,
    map_columns,
    order_inventory_import,
    plan_again,
    plan_counts,
    start_inventory_import,
)
from registry.views.imports import run_in_scope
from registry.views.scope import person
from registry.workflow import RunKind, RunState

PREVIEW_PER_PAGE = 50
SAMPLES = 20


def _address(name: str, run: ImportRun) -> str:
    return reverse(f"registry:{name}", args=[run.uuid])


def _inventory(request: HttpRequest, uuid: UUID) -> ImportRun:
    return run_in_scope(request, uuid, kind=RunKind.INVENTORY)


def _prepared(run: ImportRun) -> bool:
    return run.state == RunState.PREPARING and "headers" in run.mapping


@require_http_methods(["GET", "HEAD", "POST"])
def import_inventory(request: HttpRequest) -> HttpResponse:
    """Hand in a file: a small one is read at once, and what cannot be read is said beside it."""
    bodies = organizations_where(person(request), Permission.IMPORT_INVENTORY)
    if not bodies.exists():
        raise NotAllowed(_("Your functions in this body do not let you import its inventory."))
    if request.method != "POST":
        form = InventoryForm(organizations=bodies, initial={"request_key": uuids.uuid4()})
        return render(request, "registry/imports/inventory.html", {"form": form, "path": steps_view(1)})
    form = InventoryForm(request.POST, request.FILES, organizations=bodies)
    if form.is_valid():
        try:
            run = order_inventory_import(by=person(request), **form.order)
            return SeeOther(_address("import_run", run))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return render(request, "registry/imports/inventory.html", {"form": form, "path": steps_view(1)}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What each column holds: proposed, corrected, remembered."""
    run = _inventory(request, uuid)
    if not _prepared(run):
        return SeeOther(_address("import_run", run))
    samples = list(run.rows.order_by("number").values_list("cells", flat=True)[:SAMPLES])
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=run, samples=samples)
    if request.method == "POST" and form.is_valid():
        map_columns(run=run, columns=form.columns, by=person(request))
        return SeeOther(_address("import_preview", run))
    has_sheets = len(run.mapping["sheets"]) > 1
    context = {"run": run, "form": form, "path": steps_view(2), "notes": notes_view(run)}
    context["sheet_form"] = SheetForm(run=run) if has_sheets else None
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/imports/columns.html", context, status=status)


@require_POST
def import_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read another sheet of the workbook."""
    run = _inventory(request, uuid)
    form = SheetForm(request.POST, run=run)
    if not form.is_valid():
        raise InvalidInput(_("Choose a sheet of this workbook."))
    choose_sheet(run=run, sheet=form.cleaned_data["sheet"], by=person(request))
    return SeeOther(_address("import_run", run))


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What would come in of the whole file, row by row, before anything does; a POST looks at the register again."""
    run = _inventory(request, uuid)
    if request.method == "POST":
        plan_again(run=run, by=person(request))
        return SeeOther(_address("import_run", run))
    if not _prepared(run) or not is_planned(run):
        return SeeOther(_address("import_run", run))
    counts = plan_counts(run)
    show = request.GET.get("show", "")
    show = show if show in counts else "all"
    page = _page(run, show, counts[show], request.GET.get("page"))
    context = {
        "run": run,
        "path": steps_view(3),
        "page": page,
        "rows": [planned_view(row) for row in page],
        "tabs": _tabs(counts, show),
        "recodings": recodings_view(run.recodings),
        "missing": missing_fields(run),
        "notes": notes_view(run),
        "can_start": counts["created"] or counts["updated"],
        "is_stale": is_stale(run),
    }
    return render(request, "registry/imports/preview.html", context)


def _page(run: ImportRun, show: str, count: int, number: str | None) -> Page[ImportRow]:
    rows = run.rows.order_by("number")
    if show == "doubts":
        rows = rows.exclude(plan_problems=[])
    elif show != "all":
        rows = rows.filter(plan_outcome=show)
    paginator = Paginator(rows, PREVIEW_PER_PAGE)
    # Counted for its tab already.
    vars(paginator)["count"] = count
    return paginator.get_page(number)


def _tabs(counts: Mapping[str, int], show: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?show={name}", "count": counts[name], "current": name == show}
        for name, label in preview_tabs().items()
        if counts[name] or name in {"all", show}
    ]


@require_POST
def import_start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The person saw the preview and says yes."""
    run = start_inventory_import(run=_inventory(request, uuid), by=person(request))
    return SeeOther(_address("import_run", run))


@require_POST
def import_abandon(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let nothing of this file in."""
    abandon_run(run=_inventory(request, uuid), by=person(request))
    messages.success(request, _("This import was abandoned: nothing came in."))
    return SeeOther(reverse("registry:imports"))
