"""What happened to a system, by whom and when."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.models import AISystem
from registry.serializers.history import timeline
from registry.views.scope import file_in_scope
from registry.views.system import parts

PER_PAGE = 100


@require_safe
def history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Acts of the ledger and saved changes, latest first; a hundred saved rows a page."""
    system = file_in_scope(request, uuid)
    events = AISystem.pgh_event_models["insert"]  # type: ignore[attr-defined]
    saved = events.objects.filter(pgh_obj_id=system.pk).order_by("-pgh_id")
    page = Paginator(saved, PER_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    # One row more than the page at each end: what stood before its oldest change, and what came after its latest.
    rows = list(saved[max(first - 1, 0) : first + PER_PAGE + 1])
    newer = rows.pop(0) if first else None
    context = {
        "system": system,
        "page": page,
        "entries": timeline(system, rows, newer=newer, is_oldest=not page.has_next()),
        "may": parts(request, system),
    }
    return render(request, "registry/history.html", context)
