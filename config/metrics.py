"""Metrics for Prometheus at /metrics.

Each process keeps its own counters and timings; with PROMETHEUS_MULTIPROC_DIR set (as up.py does) the page
adds up all processes of this machine. The state of the outbox is read from PostgreSQL at each request, so it
is right whichever process answers.
"""

import hmac
import ipaddress
import os
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, Max, Min
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.kit.models import Heartbeat, OutboxRow
from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import database_now
from feedback.channels.email.models import MailboxState

request_seconds = Histogram(
    "earshot_request_seconds",
    "Time to answer a request.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class DatabaseCollector(Collector):
    """Gauges from the database: outbox rows, ages of heartbeats and failing mailboxes. Five queries."""

    def collect(self) -> Iterable[Metric]:
        now = database_now()
        waiting = GaugeMetricFamily(
            "earshot_outbox_waiting", "Outbox rows due and not done.", labels=["lane"]
        )
        oldest = GaugeMetricFamily(
            "earshot_outbox_oldest_seconds", "Age of the oldest of them.", labels=["lane"]
        )
        dead = GaugeMetricFamily(
            "earshot_outbox_dead", "Rows given up, waiting for a person.", labels=["lane"]
        )
        rows = OutboxRow.objects
        due = rows.open().filter(due_at__lte=Now()).values_list("lane")
        by_lane = {lane: (number, first) for lane, number, first in due.annotate(Count("id"), Min("due_at"))}
        dead_by_lane = dict(rows.dead().values_list("lane").annotate(Count("id")))
        for lane in Lane.values:
            number, first = by_lane.get(lane, (0, now))
            waiting.add_metric([lane], number)
            oldest.add_metric([lane], (now - first).total_seconds())
            dead.add_metric([lane], dead_by_lane.get(lane, 0))
        yield from (waiting, oldest, dead)

        silence = GaugeMetricFamily(
            "earshot_heartbeat_age_seconds", "Since the last sign of life of a loop.", labels=["name"]
        )
        for name, last in Heartbeat.objects.values_list("name").annotate(last=Max("at")):
            silence.add_metric([name], (now - last).total_seconds())
        yield silence
        failing = GaugeMetricFamily(
            "earshot_mailbox_failing_seconds",
            "Since a mailbox could last be read; 0 is fine.",
            labels=["channel"],
        )
        for slug, since in MailboxState.objects.values_list("channel__slug", "failing_since"):
            failing.add_metric([slug], (now - since).total_seconds() if since else 0)
        yield failing


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to callers with METRICS_TOKEN or, when none is set, to this machine only."""
    if not may_read(request):
        return HttpResponseForbidden(
            "Metrics need the METRICS_TOKEN as bearer token.\n", content_type="text/plain"
        )
    from_database = CollectorRegistry()
    from_database.register(DatabaseCollector())
    return HttpResponse(
        generate_latest(of_processes()) + generate_latest(from_database), content_type=CONTENT_TYPE_LATEST
    )


def may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    # A proxy on this machine makes every caller look local; its headers reveal it.
    if request.META["earshot.is_forwarded"]:
        return False
    return ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback


def of_processes() -> CollectorRegistry:
    """Return the counters of all processes of this machine, or of this process when they are not shared."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
