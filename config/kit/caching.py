"""Cache headers: what belongs to one person must not be kept by any cache between us and them."""

from __future__ import annotations

NEVER = "private, no-store"
#: For responses that are given their headers as they are made.
NOT_KEPT = {"Cache-Control": NEVER}
