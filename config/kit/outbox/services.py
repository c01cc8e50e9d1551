"""Write outbox rows, ring for them, and do each exactly once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from prometheus_client import Counter

from config.kit.outbox.bells import ringer
from config.kit.outbox.lanes import BATCHES, NEWEST_TOO, RUNG, Lane, Priority
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.registry import Handler, NotNow, handler_for

log = structlog.get_logger(__name__)

#: How long a claim lasts, and so the delay when a worker dies. Longer than the work takes, unless it renews the lease.
LEASES = {
    Lane.CRISIS: timedelta(seconds=10),
    Lane.DEFAULT: timedelta(seconds=60),
    Lane.TEXT: timedelta(seconds=90),
    Lane.BULK: timedelta(seconds=90),
    Lane.PAGE: timedelta(seconds=60),
    Lane.HOOK: timedelta(seconds=60),
}
MOST_ATTEMPTS = 8
#: The wait after the n-th failure, the last one repeated.
BACK_OFF = [timedelta(seconds=s) for s in (2, 10, 30, 120, 600, 1800, 3600)]
#: The wait after NotNow without a time.
PUT_OFF = timedelta(seconds=5)
rows_done = Counter("earshot_outbox_done_total", "Outbox rows done.", ["kind", "by"])
rows_failed = Counter("earshot_outbox_failed_total", "Failed tries at outbox rows.", ["kind"])


def owe(
    kind: str,
    subject_id: int,
    *,
    at: datetime,
    lane: Lane | None = None,
    priority: Priority = Priority.NORMAL,
    due_at: datetime | None = None,
) -> OutboxRow | None:
    """Write the outbox row for ``kind`` of ``subject_id`` in the caller's transaction and ring after its commit.

    Returns None when the row already exists, which is harmless.
    """
    row = owed(kind, subject_id, at=at, lane=lane, priority=priority, due_at=due_at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if OutboxRow.objects.filter(kind=kind, subject_id=subject_id).exists():
            return None
        raise
    if row.due_at <= at:
        ring(row)
    return row


def owed(
    kind: str,
    subject_id: int = 0,
    *,
    at: datetime,
    lane: Lane | None = None,
    priority: Priority = Priority.NORMAL,
    due_at: datetime | None = None,
) -> OutboxRow:
    """Return the unsaved row for ``kind``, for a caller that inserts it and its subject in one statement."""
    return OutboxRow(
        kind=kind,
        subject_id=subject_id,
        lane=lane or handler_for(kind).lane,
        priority=priority,
        created_at=at,
        due_at=due_at or at,
    )


_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Write rows without ringing, for callers that write thousands and then do them or leave them to the sweeper."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def ring(row: OutboxRow) -> None:
    """Tell Celery, after commit, that ``row``'s lane has work. Never raises: the sweeper finds missed rows.

    Lanes that are not Celery queues need no bell: sweepers poll them all the time.
    """
    if row.lane not in RUNG or _is_quiet.get():
        return
    # Not functools.partial: Django's robust hooks fail on a callable without __qualname__.
    transaction.on_commit(lambda: ringer.announce(row.pk, row.lane), robust=True)


def sweepable(lane: Lane) -> Q:
    """Return the condition for rows that Celery should have done by now, or that only sweepers do.

    For Celery's lanes: urgent rows after 1 s, rows without a bell after 1 s, others after 30 s.
    """
    if lane not in RUNG:
        return Q(lane=lane)
    patient, quick = Now() - timedelta(seconds=30), Now() - timedelta(seconds=1)
    overdue = Q(due_at__lt=patient) | Q(due_at__lt=quick, priority=Priority.URGENT)
    # Bells ring when a row is written, not when it is due later, put off or retried.
    untold = Q(bell_failed=True) | Q(due_at__gt=F("created_at")) | Q(attempts__gt=0)
    return Q(lane=lane) & (overdue | Q(due_at__lt=quick) & untold)


def run_one(lane: Lane, *, at: datetime, by: str, only: Q | None = None) -> bool:
    """Do the most urgent due row of ``lane``; return False when there is none."""
    return bool(run_batch(lane, at=at, by=by, only=only, most=1))


def run_batch(lane: Lane, *, at: datetime, by: str, only: Q | None = None, most: int | None = None) -> int:
    """Do the most urgent due rows of ``lane``, at most ``most`` (default: its batch); return how many were taken.

    Three steps: claim (committed at once, so that a row which kills its worker counts as a try), work outside
    any transaction, then effect and ``done_at`` in one transaction that checks the lease.
    """
    rows = _claim(lane, most=most or BATCHES.get(lane, 1), only=only)
    for kind in sorted({row.kind for row in rows}):
        _do([row for row in rows if row.kind == kind], at=at, by=by)
    return len(rows)


@transaction.atomic
def _claim(lane: Lane, *, most: int, only: Q | None) -> list[OutboxRow]:
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    due = OutboxRow.objects.open().filter(free, lane=lane, due_at__lte=Now())
    if only is not None:
        due = due.filter(only)
    due = due.select_for_update(skip_locked=True)
    rows = list(due.order_by("priority", "id")[:most])
    if most > 1 and len(rows) == most and lane in NEWEST_TOO:
        newest = due.filter(priority=Priority.NORMAL).exclude(pk__in=[row.pk for row in rows]).order_by("-id")
        latest = list(newest[: most // 2])
        rows = rows[: most - len(latest)] + latest
    # A row that was tried before is done alone: if it kills its worker, its neighbours must not lose a try with it.
    rows = rows[:1] if rows and rows[0].attempts else [row for row in rows if not row.attempts]
    for row in [row for row in rows if row.attempts >= MOST_ATTEMPTS]:
        # Its last worker died without marking it, so it is marked here.
        rows.remove(row)
        OutboxRow.objects.filter(pk=row.pk).update(
            dead_at=Now(), last_error=row.last_error or "the worker died while doing it"
        )
        log.error("outbox_row_dead", kind=row.kind, subject_id=row.subject_id)
    token = uuid.uuid4()
    OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        attempts=F("attempts") + 1, lease_token=token, lease_until=Now() + LEASES[lane]
    )
    for row in rows:
        row.lease_token, row.attempts = token, row.attempts + 1
    return rows


def _do(rows: Sequence[OutboxRow], *, at: datetime, by: str) -> None:
    """Do claimed ``rows`` of one kind, as a batch if their handler can; if that fails, try each alone."""
    is_batch = len(rows) > 1
    try:
        handler = handler_for(rows[0].kind)
        if not is_batch or handler.effect_many is not None:
            results = handler.prepare([row.subject_id for row in rows], at)
            _write(rows, handler, results, at=at, by=by)
            return
    except NotNow as busy:
        if not is_batch:
            _put_off(rows[0], busy)
            return
    except Exception as error:  # noqa: BLE001 - a loop's edge: counted, kept on the row, tried again
        if not is_batch:
            _fail(rows[0], error)
            return
        log.warning("outbox_batch_failed", kind=rows[0].kind, rows=len(rows), error=type(error).__name__)
    for row in rows:
        _do([row], at=at, by=by)


@transaction.atomic
def _write(
    rows: Sequence[OutboxRow], handler: Handler, results: Sequence[Any], *, at: datetime, by: str
) -> None:
    """Mark ``rows`` done and write their effects, skipping rows that another process has taken over."""
    held = OutboxRow.objects.filter(pk__in=[row.pk for row in rows], lease_token=rows[0].lease_token)
    # The lease check comes first and locks the rows: a worker that lost the lease writes nothing.
    marked = held.filter(done_at=None).update(done_at=Now(), done_by=by, lease_until=None, last_error="")
    mine = {row.pk for row in rows} if marked == len(rows) else set(held.values_list("pk", flat=True))
    for row in [row for row in rows if row.pk not in mine]:
        log.warning("outbox_lease_lost", kind=row.kind, subject_id=row.subject_id)
    kept = [(row.subject_id, result) for row, result in zip(rows, results, strict=True) if row.pk in mine]
    if kept:
        handler.write([subject_id for subject_id, _ in kept], [result for _, result in kept], at)
    rows_done.labels(kind=handler.kind, by=by).inc(len(kept))


def _put_off(row: OutboxRow, busy: NotNow) -> None:
    """Undo the counted try and schedule the row again, however often: only failures lead to the dead letters."""
    log.info("outbox_row_put_off", kind=row.kind, subject_id=row.subject_id, because=str(busy))
    held = OutboxRow.objects.filter(pk=row.pk, lease_token=row.lease_token, done_at=None)
    held.update(attempts=F("attempts") - 1, lease_until=None, due_at=busy.until or Now() + PUT_OFF)


def _fail(row: OutboxRow, error: Exception) -> None:
    rows_failed.labels(kind=row.kind).inc()
    is_dead = row.attempts >= MOST_ATTEMPTS
    log.error(
        "outbox_row_failed",
        kind=row.kind,
        subject_id=row.subject_id,
        attempts=row.attempts,
        is_dead=is_dead,
        exc_info=error,
    )
    wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    held = OutboxRow.objects.filter(pk=row.pk, lease_token=row.lease_token, done_at=None)
    # Only the class name: the text of an exception may quote a customer's message.
    held.update(
        last_error=type(error).__name__[:300],
        lease_until=None,
        due_at=Now() + wait,
        dead_at=Now() if is_dead else None,
    )


def settle(kind: str, subject_ids: Sequence[int], *, by: str) -> int:
    """Mark rows done whose effects the caller wrote itself, in the transaction that wrote the rows; return how many.

    Only in that transaction: no one else can see the rows yet, so no lease can be broken.
    """
    rows = OutboxRow.objects.open().filter(kind=kind, subject_id__in=subject_ids, lease_token=None)
    done = rows.update(done_at=Now(), done_by=by)
    rows_done.labels(kind=kind, by=by).inc(done)
    return done


@transaction.atomic
def revive(row: OutboxRow, *, at: datetime) -> OutboxRow:
    """Give a dead ``row`` eight new tries, starting now."""
    OutboxRow.objects.filter(pk=row.pk, dead_at__isnull=False).update(
        dead_at=None, attempts=0, due_at=at, lease_token=None, lease_until=None
    )
    row.refresh_from_db()
    ring(row)
    return row


def database_now() -> datetime:
    """Return the database's clock, which sweeper, beat and auditor use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now
