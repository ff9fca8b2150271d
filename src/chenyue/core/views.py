"""Pages without domain: errors, health, and what a form says whose protection has run out."""

import ipaddress
import logging
import math
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chenyue.core import metrics as counters
from chenyue.core import spool, trouble
from chenyue.core.http import SKIPPED
from chenyue.core.whose import whose

log = logging.getLogger(__name__)
# Who besides this machine may read the counters; `wiring` puts the office's rule here.
metrics_gate: list[Callable[[Any], bool]] = []
_migrated: set[str] = set()  # offices whose tables have been found complete


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token has run out: nothing typed is lost, one press sends it again.

    Only a form of our own is offered again; what another site sent is refused without an echo.
    """
    kept = [
        (name, value)
        for name in request.POST
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in request.POST.getlist(name)
    ]
    ours = _from_here(request)
    context = {
        "kept": kept if ours else [],
        "words": [value for name, value in kept if ours and len(value) > 15 and name not in SKIPPED],
        "files": ours and bool(request.FILES),
        "passwords": any("password" in name for name in request.POST),
    }
    return render(request, "core/stale_form.html", context, status=403)


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where too much was sent."""
    return trouble.answer(request, exception) or trouble.page(400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; the same for what isn't there and for what this person may not see."""
    return trouble.page(404, request=request)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return trouble.page(403, request=request)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 and 507 where the database or the disk is the trouble. Needs neither."""
    return trouble.answer(request, sys.exc_info()[1]) or trouble.page(500)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its tables are those of this product; 503 if not. And what waits for it (`spool`)."""
    state = {"database": False, "migrations": whose() in _migrated}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["database"] = True
        if not state["migrations"]:
            from django.db.migrations.executor import MigrationExecutor

            executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
            complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            state["migrations"] = complete
            if complete:
                _migrated.add(whose())
    except DatabaseError as error:
        log.warning("not ready: %s", error)
    waits = {"kept": len(spool.waiting()), "set_aside": spool.stuck()} if connection.vendor == "postgresql" else {}
    return JsonResponse(state | waits, status=200 if all(state.values()) else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus: for this machine itself, and for whom the office's rule lets in."""
    allowed = request.user.is_authenticated and any(gate(request.user) for gate in metrics_gate)
    if not allowed and not asked_here(request):
        raise Http404
    from django_q.models import Failure, OrmQ
    from prometheus_client import CONTENT_TYPE_LATEST

    now = {
        "chenyue_jobs_waiting": ("Jobs in the queue", _read(OrmQ.objects.count)),
        "chenyue_jobs_failed": ("Jobs that failed for good", _read(Failure.objects.count)),
    }
    now["chenyue_database_up"] = "The database answers", 0.0 if math.isnan(now["chenyue_jobs_waiting"][1]) else 1.0
    return HttpResponse(counters.shown(now, _read), content_type=CONTENT_TYPE_LATEST)


def _read(read: Callable[[], float]) -> float:
    """A number; not a number while the database is away: what is counted in memory must be shown all the same."""
    try:
        return float(read())
    except DatabaseError:
        return math.nan


def asked_here(request: HttpRequest) -> bool:
    """Asked from this machine, and not on behalf of another by a proxy."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
