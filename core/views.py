"""Is it alive, is it ready: for the supervisor and for a load balancer. And a form that came without its token."""

from datetime import timedelta
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.models import Intent
from core.models.intent import IntentState
from core.services.opened_by import refused_to_another

# A job that is due for so long and not done: nobody delivers it, or the queue is too long.
LATE = timedelta(minutes=5)
OPEN_JOBS = (IntentState.WAITING, IntentState.SENT)


@require_safe
@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and its schema is the one this code knows, or a later one.

    `jobs` is told and decides nothing. Without broker or worker every page works and every job waits in the outbox: a
    balancer that took all the web processes away would close the register because a PDF is late. Asking the broker from
    here would also make each probe wait for it; the rows tell as much, whichever of relay, broker and worker is down.
    A watcher alerts on `late`; the relay says in its log why it waits.
    """
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except OperationalError:
        return JsonResponse({"ready": False, "reason": "database"}, status=503)
    if not _last_migrations() <= applied.keys():
        return JsonResponse({"ready": False, "reason": "migrations"}, status=503)
    overdue = Intent.objects.filter(state__in=OPEN_JOBS, due_at__lt=clock.now() - LATE)
    return JsonResponse({"ready": True, "jobs": "late" if overdue.exists() else "on_time"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Called by Django in place of a view. What was typed is given back to a page of ours, never to another site's."""
    is_ours = _is_sent_by_our_page(request)
    if is_ours and "/espace/" in request.path and not request.user.is_authenticated:
        return render(request, "403_signed_out.html", status=403)
    if is_ours and (refusal := refused_to_another(request)):
        return refusal
    context = {"has_no_cookie": reason == REASON_NO_CSRF_COOKIE, "is_ours": is_ours}
    return render(request, "403_csrf.html", context, status=403)


def _is_sent_by_our_page(request: HttpRequest) -> bool:
    """As the browser tells it; another site can neither write nor drop these headers of a form."""
    ours = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == ours or request.headers.get("Sec-Fetch-Site") == "same-origin"


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Of each application. Read from disk once: a watcher asks every few seconds."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
