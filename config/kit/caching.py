"""Whether an answer may be kept on its way: what is one person's may not, in no cache between us and them."""

from __future__ import annotations

NEVER = "private, no-store"
#: For responses that are given their headers as they are made.
NOT_KEPT = {"Cache-Control": NEVER}
