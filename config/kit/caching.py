"""Cache headers that keep personal responses out of every cache on the way."""

from __future__ import annotations

NEVER = "private, no-store"
#: For responses that take their headers in the constructor.
NOT_KEPT = {"Cache-Control": NEVER}
