"""Whether an answer may be kept on its way: what is one person's may not, in no cache between us and them."""

from __future__ import annotations

NOT_KEPT = {"Cache-Control": "private, no-store"}
