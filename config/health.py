"""Liveness, readiness and health endpoints for load balancers, probes and the supervisor."""

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from config.kit import requirements
from config.kit.outbox.services import database_now
from config.metrics import may_read
from tickets.crisis import findings

# The plan is read once per process: it changes only with a new version, which is a new process.
_migrations_are_applied = False


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 while the process is alive; checks nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 when requests can be served, else 503, listing each check with "ok" or what is wrong.

    Without Redis everything still works, only later, so Redis is reported but does not affect the status.
    """
    database = check_database()
    checks = {"database": database or "ok", "redis": "ok" if redis_answers() else "away"}
    status = 200 if database is None else 503
    return JsonResponse({"status": "ok" if status == 200 else "unready", "checks": checks}, status=status)


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 "green" when the auditor ran recently and found nothing, else 503 "red".

    The findings are included only for callers that may read the metrics. Not for load balancers: a missing
    on-call is no reason to stop routing traffic here.
    """
    try:
        state = findings.health(database_now())
    except Error:
        return JsonResponse({"status": "red", "reason": "The database does not answer."}, status=503)
    answer: dict[str, object] = {"status": "green" if state.is_good else "red"}
    if may_read(request):
        answer["auditor_seen_at"] = state.auditor_seen_at
        answer["findings"] = [
            {"code": one.code, "key": one.key, "count": one.count, "since": one.opened_at}
            for one in state.findings
        ]
    return JsonResponse(answer, status=200 if state.is_good else 503)


def check_database() -> str | None:
    """Return a description of what is wrong with the database, None when nothing is."""
    global _migrations_are_applied
    try:
        if not _migrations_are_applied:
            if sentences := requirements.missing():
                return " ".join(sentences)
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "Migrations are not applied. Run: manage.py prepare"
            _migrations_are_applied = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "The database does not answer."
    return None


def redis_answers() -> bool:
    """Return whether Redis answers, within half a second."""
    location = settings.CACHES["default"]["LOCATION"]
    client = redis.Redis.from_url(location, socket_connect_timeout=0.3, socket_timeout=0.5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
