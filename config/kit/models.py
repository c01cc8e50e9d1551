from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.outbox.models import OutboxRow

__all__ = ["Heartbeat", "JobRun", "OutboxRow"]


class JobRun(models.Model):
    """A run of a periodic job for a slot; the unique constraint guarantees that it runs once."""

    job = models.CharField(_("job"), max_length=60)
    slot = models.DateTimeField(_("slot"))
    token = models.UUIDField(_("run"), default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("run of a scheduled job")
        verbose_name_plural = _("runs of scheduled jobs")
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_once_per_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """The last heartbeat of one process on one host."""

    name = models.CharField(max_length=60)
    host = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "host"], name="heartbeat_of_process")]

    def __str__(self) -> str:
        return f"{self.name}@{self.host}"
