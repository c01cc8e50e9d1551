"""Encode a few words as they are typed, in a process that serves requests.

``web`` and ``live`` serve people and analyse no messages. But a search or question being typed needs its vector at
once, and no worker can answer within 3 ms. So the encoder is loaded in the background on first use; until it is ready,
or when it cannot be loaded, the caller makes do with words.
"""

from __future__ import annotations

import threading

import numpy as np
import structlog
from numpy.typing import NDArray

from feedback.analysis.encoder import encode_gist, one_thread

log = structlog.get_logger(__name__)

#: Longer questions add nothing and cost more: about 10 ms at this length.
MOST_CHARACTERS = 300
#: A request that waits longer than this for another one's encoding does without a vector.
PATIENCE_SECONDS = 0.1

_ready = threading.Event()
_begun = threading.Lock()
_encoding = threading.Lock()


def meaning_of(text: str) -> NDArray[np.float32] | None:
    """Return the unit vector (512,) of the beginning of ``text``; None without words or while it is unavailable.

    Never waits for the encoder to load: the first call in a process starts that in the background (a second, 130 MB).
    """
    if not _ready.is_set():
        _load_beside()
        return None
    if not _encoding.acquire(timeout=PATIENCE_SECONDS):
        return None
    try:
        with one_thread():
            vector = encode_gist([text[:MOST_CHARACTERS]])[0]
    finally:
        _encoding.release()
    return vector if vector.any() else None


def _load_beside() -> None:
    # The first caller keeps this lock for good, so the encoder is loaded by one thread, once.
    if _begun.acquire(blocking=False):
        threading.Thread(target=load, name="encoder", daemon=True).start()


def load() -> None:
    """Load the encoder synchronously; for tests and for the background thread."""
    try:
        encode_gist(["warm up"])
    except Exception:
        log.exception("encoder_not_loaded")
        return
    _ready.set()
