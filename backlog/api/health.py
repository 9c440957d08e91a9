"""Liveness and readiness, for whatever watches the processes. They tell nothing about anybody."""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from backlog.api.framework.problems import CONTENT_TYPE, Problem
from backlog.dispatch import clock
from backlog.queries import notices as notice_queries

BROKER_PATIENCE_SECONDS = 2


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve, and what is wrong with the delivery of messages.

    A stuck worker is no reason to stop answering people: then it is ready, and not `ok`.
    """
    checks: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker}
    found = {name: check() for name, check in checks.items()}
    failed = sorted(name for name, fault in found.items() if fault)
    if failed:
        problem = Problem(503, "not_ready", "; ".join(found[name] for name in failed))
        return JsonResponse(
            {**problem.as_dict(), "failed": failed}, status=503, content_type=CONTENT_TYPE
        )
    at, ahead = timezone.now(), clock.ahead()
    age = notice_queries.queue_age(at=at)
    faults = {
        "delivery_stuck": notice_queries.is_stuck(at=at),
        "clock_wrong": abs(ahead) > clock.TOLERATED,
    }
    return JsonResponse(
        {
            "status": "degraded" if any(faults.values()) else "ok",
            "faults": [name for name, is_so in faults.items() if is_so],
            "oldest_owed_seconds": None if age is None else round(age.total_seconds()),
            "given_up": notice_queries.given_up().count(),
            "clock_ahead_seconds": round(ahead.total_seconds()),
        }
    )


def _database() -> str:
    """The database answers and every migration is applied."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The database does not answer."
    return f"{len(plan)} migrations are not applied." if plan else ""


def _broker() -> str:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
    except (OperationalError, OSError):
        return "The broker cannot be reached."
    return ""
