"""The outbox: work written in the transaction that causes it and done exactly once, whatever is killed when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.outbox.lanes import Lane, Priority


class OutboxQuerySet(models.QuerySet["OutboxRow"]):
    def open(self) -> OutboxQuerySet:
        """Rows that are still to be done."""
        return self.filter(done_at=None, dead_at=None)

    def dead(self) -> OutboxQuerySet:
        """Rows that were given up after too many tries and wait for a person."""
        return self.exclude(dead_at=None)


class OutboxRow(models.Model):
    """One piece of work, caused by the immutable row ``subject_id`` of a model that ``kind`` implies."""

    kind = models.CharField(_("kind"), max_length=60)
    subject_id = models.BigIntegerField(_("key of its subject"))
    lane = models.CharField(_("lane"), max_length=10, choices=Lane.choices)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"), help_text=_("Not run before; moved forward after each failure."))
    bell_failed = models.BooleanField(
        _("bell failed"), default=False, help_text=_("Celery could not be told of this task.")
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_token = models.UUIDField(_("lease"), null=True)
    lease_until = models.DateTimeField(_("held until"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.CharField(_("done by"), max_length=20, blank=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects: ClassVar[OutboxQuerySet] = OutboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="outbox_once_per_subject"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="outbox_lane_known"),
            models.CheckConstraint(
                condition=~Q(done_at__isnull=False, dead_at__isnull=False), name="outbox_done_or_dead"
            ),
        ]
        indexes = [
            # run_one(): the most urgent open row of a lane.
            models.Index(
                fields=["lane", "priority", "id"],
                name="outbox_open",
                condition=Q(done_at=None, dead_at=None),
            ),
            # The admin's list of dead letters.
            models.Index(fields=["dead_at"], name="outbox_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
