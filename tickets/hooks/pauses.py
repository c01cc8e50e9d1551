"""How long to wait before a webhook is tried again."""

from __future__ import annotations

from datetime import timedelta

#: The pause after the n-th failure of a delivery: eight tries within 22 hours, as Standard Webhooks suggests.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=14),
)
#: How much a pause is lengthened or shortened, so that deliveries that failed together are not retried together.
JITTER = 0.2
SHORTEST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=15)


def pause_after(failures: int, *, chance: float) -> timedelta | None:
    """Return the pause after ``failures`` (1 or more) of one delivery; None after the last try.

    ``chance`` is a random number, 0..1.
    """
    if failures > len(PAUSES):
        return None
    return PAUSES[failures - 1] * (1 + JITTER * (2 * chance - 1))


def rest_after(failures: int) -> timedelta:
    """Return how long a receiver that failed ``failures`` times in a row, 1 or more, is left alone."""
    return min(SHORTEST_REST * 2 ** min(failures - 1, 20), LONGEST_REST)
