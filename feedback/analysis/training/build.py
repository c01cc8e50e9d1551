"""Build the models from the versioned texts in ``data/``; the same data gives the same numbers."""

from collections.abc import Callable

from feedback.analysis.artifacts import Arrays
from feedback.analysis.encoder import one_thread
from feedback.analysis.training import moods, urgency

Say = Callable[[str], None]

BUILDERS: dict[str, Callable[[Say], Arrays]] = {
    "urgency": urgency.train,
    "sentiment": moods.sentiment,
    "tone": moods.tone,
    "topic": moods.topic,
}


def build(name: str, say: Say) -> Arrays:
    """Build the model ``name``; ``say`` is called with progress messages.

    Runs on one thread, so that sums are added in the same order whatever the number of cores.
    """
    with one_thread():
        return BUILDERS[name](say)
