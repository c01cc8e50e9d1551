"""Build the models from the versioned texts in ``data/``; the same data gives the same numbers."""

from collections.abc import Callable, Sequence

from feedback.analysis.artifacts import Arrays, save
from feedback.analysis.training import moods, urgency

Say = Callable[[str], None]

BUILDERS: dict[str, Callable[[Say], Arrays]] = {
    "urgency": urgency.train,
    "sentiment": moods.sentiment,
    "tone": moods.tone,
    "topic": moods.topic,
}


def build(names: Sequence[str], say: Say) -> dict[str, str]:
    """Build and store the models ``names``; returns their checksums. ``say`` is told of the progress."""
    return {name: save(name, BUILDERS[name](say)) for name in names}
