"""Look for surges in the last day. Read-only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from config.kit.origins import Origin
from feedback.analysis.encoder import encode_sentences
from feedback.themes.corpus import Corpus
from feedback.themes.labels import by_language
from feedback.themes.naming import label_themes
from tickets.warnings.causes import CROWD, Cause, Reading, Watch
from tickets.warnings.listening import heard_of, known_themes, last_day, weeks_before
from tickets.warnings.models import EarlyWarning, State
from tickets.warnings.surge import DAY, LEAST_PEOPLE

#: How long dismissing a warning raises the bar for its cause.
DISMISSED_COUNTS = timedelta(days=30)
#: The most messages kept with a warning: the newest.
MOST_MESSAGES = 500
_DISMISSED_MOST = 3


@dataclass(frozen=True)
class Found:
    """What a look found about one cause: its reading, and what a new warning would say about it."""

    reading: Reading
    message_ids: tuple[int, ...]
    began_at: datetime
    labels: dict[str, str]
    repeated: int
    urgent: int
    is_about_life: bool


def look(at: datetime, *, origin: str = Origin.LIVE, kept_as: str = "") -> list[Found]:
    """Return the causes that surge at ``at`` in messages of ``origin``, and those of live warnings as they stand.

    Writes nothing. ``kept_as`` is the origin under which warnings are stored, by default the same. The weeks before
    are read only if there are enough messages for a surge, or a warning is live.
    """
    recent = last_day(at, origin)
    kept_as = kept_as or origin
    causes = [one.cause for one in EarlyWarning.objects.filter(origin=kept_as).live()]
    if len(recent) < LEAST_PEOPLE[0] and not causes:
        return []
    watch = Watch(heard_of(recent), weeks_before(at, origin), known_themes(at), now=at.timestamp())
    readings = watch.readings(causes, dismissed=_dismissed(at, kept_as))
    return [_found(one, recent, at=at) for one in readings]


def _dismissed(at: datetime, origin: str) -> Callable[[Cause], int]:
    """Return a function that says how often a cause was dismissed lately, at most three times. One query."""
    lately = EarlyWarning.objects.filter(
        origin=origin, state=State.DISMISSED, decided_at__gt=at - DISMISSED_COUNTS
    )
    causes = [one.cause for one in lately]
    return lambda cause: min(_DISMISSED_MOST, sum(cause.is_same(one) for one in causes))


def _found(reading: Reading, recent: Corpus, *, at: datetime) -> Found:
    window = reading.surge.window if reading.surge else DAY
    rows = reading.rows[recent.said_at[reading.rows] > at.timestamp() - window]
    texts = Counter(" ".join(recent.texts[row].split()).casefold() for row in rows.tolist())
    began = float(recent.said_at[rows].min()) if len(rows) else at.timestamp()
    return Found(
        reading,
        message_ids=tuple(recent.ids[rows][-MOST_MESSAGES:].tolist()),
        began_at=datetime.fromtimestamp(began, at.tzinfo),
        # It takes half a second, and only a new warning needs a name.
        labels=_labels(rows, recent) if reading.cause.kind == CROWD and not reading.is_tracked else {},
        repeated=sum(count for count in texts.values() if count > 1),
        urgent=int(recent.is_urgent[rows].sum()),
        is_about_life=bool(
            len(np.unique(recent.people[rows][recent.is_sensitive[rows] & recent.is_urgent[rows]])) > 1
        ),
    )


def _labels(rows: NDArray[np.int64], recent: Corpus) -> dict[str, str]:
    """Return the phrases typical of a crowd, {language: phrases}, compared with all else said that day."""
    themes = np.ones(len(recent), np.int64)
    themes[rows] = 0
    named = label_themes(
        recent.texts, recent.vectors, themes, recent.languages.tolist(), encode=encode_sentences
    )
    return by_language(named[0])
