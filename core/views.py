"""Is it alive, is it ready: for the supervisor and for a load balancer."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and its schema is the one this code knows, or a later one."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except OperationalError:
        return JsonResponse({"ready": False, "reason": "database"}, status=503)
    if not _last_migrations() <= applied.keys():
        return JsonResponse({"ready": False, "reason": "migrations"}, status=503)
    return JsonResponse({"ready": True})


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Of each application. Read from disk once: a watcher asks every few seconds."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
