"""The meaning of a few words that somebody is typing now, in a process that is there for other things.

``web`` and ``live`` answer people and analyse no messages. But a search or a question that is being typed needs
its vector at once, and no worker is as near as 3 ms. So the encoder is loaded on first need, beside the requests, and
until it is there, or when it cannot be, whoever asks makes do with words.
"""

from __future__ import annotations

import threading

import numpy as np
import structlog
from numpy.typing import NDArray

from feedback.analysis.encoder import encode_gist, one_thread

log = structlog.get_logger(__name__)

#: Longer questions say nothing more, and cost more: about 10 ms at this length.
MOST_CHARACTERS = 300
#: A request that waits longer than this for another's encoding goes without.
PATIENCE_SECONDS = 0.1

_ready = threading.Event()
_begun = threading.Lock()
_encoding = threading.Lock()


def meaning_of(text: str) -> NDArray[np.float32] | None:
    """Return the unit vector (512,) of the beginning of ``text``, None without words and while it cannot be told.

    Never waits for the encoder: the first call in a process has it loaded in the background (a second, 130 MB).
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
    # Held for good by whoever came first: one thread loads, once.
    if _begun.acquire(blocking=False):
        threading.Thread(target=load, name="encoder", daemon=True).start()


def load() -> None:
    """Load the encoder here and now; for tests, and for the thread beside the requests."""
    try:
        encode_gist(["warm up"])
    except Exception:
        log.exception("encoder_not_loaded")
        return
    _ready.set()
