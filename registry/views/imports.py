"""Imports: their list, the run of each, a register from elsewhere handed in."""

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.files import made_attachment
from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from core.text import reader_language
from organizations.permissions import Permission, is_permitted, is_permitted_anywhere, organizations_where
from registry import permissions
from registry.exports.imports import rejects_csv
from registry.forms.imports import RegisterForm, RunFilter, state_labels
from registry.models import ImportRow, ImportRun
from registry.serializers.imports import (
    counts_view,
    failure_sentence,
    kept_view,
    outcome_labels,
    recodings_view,
    result_tabs,
    row_view,
)
from registry.services.imports import (
    can_be_entered,
    can_be_undone,
    is_being_entered,
    is_being_planned,
    is_being_undone,
    is_planned,
    note_rejects_export,
    order_register_import,
    register_name,
)
from registry.views.scope import person
from registry.workflow import RowOutcome, RunKind, RunState

PER_PAGE = 25
ORDERS = {"started": "started_at", "-started": "-started_at", "file": "file_name", "-file": "-file_name"}
STATE_COLOURS = {"preparing": "yellow", "running": "blue", "done": "green", "failed": "red"}
MOST_REJECTS = 20_000


def run_in_scope(request: HttpRequest, uuid: UUID, *, kind: RunKind | None = None) -> ImportRun:
    """The run, if this person reads the drafts it makes (404) and importing is one of their functions there (403)."""
    run = get_object_or_404(ImportRun.objects.select_related("organization", "file", "started_by"), uuid=uuid)
    if kind and run.kind != kind:
        raise Http404
    user = person(request)
    if run.organization is None:
        allowed = permissions.can_import_register(user)
    else:
        if not is_permitted(user, Permission.READ_DRAFTS, run.organization):
            raise Http404
        allowed = permissions.can_import_inventory(user, run.organization)
    if not allowed:
        raise NotAllowed(_("Your functions do not let you import data here."))
    return run


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Every import this person may see, the latest first."""
    user = person(request)
    may_inventory = is_permitted_anywhere(user, Permission.IMPORT_INVENTORY)
    may_register = permissions.can_import_register(user)
    if not (may_inventory or may_register):
        raise NotAllowed(_("Your functions do not let you import data."))
    narrowed = RunFilter(request.GET)
    order = ORDERS.get(request.GET.get("sort", ""), "-started_at")
    found = narrowed.narrow(_visible_runs(request)).order_by(order, "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed,
        "page": page,
        "rows": [_run_line(run) for run in page],
        "may_inventory": may_inventory,
        "may_register": may_register,
        "is_narrowed": any(request.GET.get(name) for name in narrowed.fields),
    }
    return render(request, "registry/imports/list.html", context)


def _visible_runs(request: HttpRequest) -> QuerySet[ImportRun]:
    user = person(request)
    bodies = organizations_where(user, Permission.IMPORT_INVENTORY).values("pk")
    seen = Q(kind=RunKind.INVENTORY, organization__in=bodies)
    if permissions.can_import_register(user):
        seen |= Q(kind=RunKind.REGISTER)
    return ImportRun.objects.filter(seen).select_related("organization", "started_by")


def _run_line(run: ImportRun) -> dict[str, Any]:
    is_register = run.kind == RunKind.REGISTER
    return {
        "run": run,
        "subject": register_name(run.register, reader_language()) if is_register else run.organization,
        "is_register": is_register,
        "state": _("Undone") if run.undone_at else state_labels()[RunState(run.state)],
        "colour": "grey" if run.undone_at else STATE_COLOURS[run.state],
        "total": run.mapping.get("rows", 0),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def import_register(request: HttpRequest) -> HttpResponse:
    """Hand in the published file of a register from elsewhere; a job brings it in."""
    user = person(request)
    if not permissions.can_import_register(user):
        raise NotAllowed(_("Your functions do not let you import a register from elsewhere."))
    if request.method != "POST":
        form = RegisterForm(initial={"request_key": uuids.uuid4()})
        return render(request, "registry/imports/register.html", {"form": form})
    form = RegisterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = order_register_import(by=user, **form.order)
            return SeeOther(reverse("registry:import_run", args=[run.uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return render(request, "registry/imports/register.html", {"form": form}, status=422)


@require_safe
def import_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where an import stands: what to do next, how far it is, what came of it."""
    run = run_in_scope(request, uuid)
    context = _standing(run)
    is_ready = run.state == RunState.PREPARING and "headers" in run.mapping and not context["is_planning"]
    if request.headers.get("HX-Request"):
        is_finished = is_ready or (run.state in {RunState.DONE, RunState.FAILED} and not context["is_undoing"])
        partial = render(request, "registry/imports/partials/_progress.html", context | {"is_finished": is_finished})
        if is_finished:
            # Its title and its menu would still speak of an import under way: the whole page is taken anew.
            partial["HX-Refresh"] = "true"
        return partial
    if is_ready:
        step = "import_preview" if is_planned(run) else "import_columns"
        return SeeOther(reverse(f"registry:{step}", args=[run.uuid]))
    if context["is_undoing"]:
        return render(request, "registry/imports/running.html", context)
    if run.state == RunState.DONE:
        return render(request, "registry/imports/result.html", context | _result(request, run))
    if run.state == RunState.FAILED:
        return render(request, "registry/imports/failed.html", context | {"sentence": failure_sentence(run)})
    return render(request, "registry/imports/running.html", context)


def _standing(run: ImportRun) -> dict[str, Any]:
    """How far it is: read, planned, coming in, done, or being undone."""
    return {
        **_run_line(run),
        "counts": counts_view(run),
        "done": _done(run),
        "is_planning": is_being_planned(run),
        "planned": run.mapping.get("plan", {}).get("rows", 0),
        "is_undoing": is_being_undone(run),
        "can_undo": can_be_undone(run),
        "can_enter": can_be_entered(run) and not is_being_entered(run),
        "entry": run.mapping.get("entry"),
        "kept": kept_view(run.mapping["undo"]["kept"]) if run.undone_at else [],
    }


def _done(run: ImportRun) -> int:
    return run.created_count + run.updated_count + run.unchanged_count + run.rejected_count


def _result(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """The rows that were asked for; by default those that need somebody, if any."""
    tabs = _tabs(run)
    show = request.GET.get("show", "")
    if show not in dict(tabs):
        show = next((name for name, count in tabs if count), "all")
    page: Page[ImportRow] = Paginator(_rows(run, show), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [row_view(row) for row in page],
        "tabs": [
            {"label": result_tabs()[name], "url": f"?show={name}", "count": count, "current": name == show}
            for name, count in tabs
            if count or name in {"all", show}
        ],
        "recodings": recodings_view(run.recodings),
    }


def _tabs(run: ImportRun) -> list[tuple[str, int]]:
    """Of a register only the rejected rows are kept; of an inventory every row."""
    rejected = (str(RowOutcome.REJECTED), run.rejected_count)
    if run.kind == RunKind.REGISTER:
        return [rejected]
    doubts = ("doubts", _rows(run, "doubts").count())
    counts = [(str(code), getattr(run, f"{code}_count")) for code in outcome_labels() if code != RowOutcome.REJECTED]
    return [rejected, doubts, *counts, ("all", _done(run))]


def _rows(run: ImportRun, show: str) -> QuerySet[ImportRow]:
    rows = run.rows.select_related("system").order_by("number")
    if show == "doubts":
        return rows.exclude(problems=[])
    return rows if show == "all" else rows.filter(outcome=show)


@require_POST
def import_rejects(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The rows that stayed out, as a CSV file. A POST: it writes to the ledger."""
    run = run_in_scope(request, uuid)
    rows = list(_rows(run, RowOutcome.REJECTED)[:MOST_REJECTS])
    if not rows:
        messages.info(request, _("No row of this file stayed out."))
        return SeeOther(reverse("registry:import_run", args=[run.uuid]))
    note_rejects_export(run=run, rows=len(rows), by=person(request))
    name = _("rejected-rows-%(day)s.csv") % {"day": clock.civil_date(run.started_at).isoformat()}
    return made_attachment(rejects_csv(run, rows), media_type="text/csv; charset=utf-8", name=name)
