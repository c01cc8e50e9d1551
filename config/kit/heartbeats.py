"""Each long-running process says that it lives; the auditor and /readyz read it."""

from __future__ import annotations

import socket
from datetime import datetime

from config.kit.models import Heartbeat


def beat(name: str, *, at: datetime) -> None:
    """Record that process ``name`` on this host lived at ``at``."""
    Heartbeat.objects.update_or_create(
        name=name, host=socket.gethostname()[:100], defaults={"at": at}, create_defaults={"at": at}
    )
