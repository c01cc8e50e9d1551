"""Each long-running process says that it lives; the auditor and /readyz read it."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

from config.kit.models import Heartbeat

#: A sign of life this young will do: a dozen loops turn twice a second, writing each turn down keeps a machine busy.
YOUNG = timedelta(seconds=5)


def beat(name: str, *, at: datetime) -> None:
    """Record that process ``name`` on this host lived at ``at``, unless a record of it is still young."""
    mine = {"name": name, "host": socket.gethostname()[:100]}
    if not Heartbeat.objects.filter(**mine, at__gt=at - YOUNG).exists():
        Heartbeat.objects.update_or_create(**mine, defaults={"at": at}, create_defaults={"at": at})
