"""How many people a day write about each subject, over the demo's six months. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tickets.demo.releases import DAYS, Calendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pain:
    """One subject: openings a day, growing linearly from ``early`` to ``late`` over the last ``growth_days``.

    It starts with ``since_version`` and fades within ten days or so once fixed by ``until_version``.
    ``channels`` overrides where people bring it up, ``mood`` is one of ``wording.MOODS``.
    """

    early: float
    late: float
    growth_days: int = DAYS
    since_version: str = ""
    until_version: str = ""
    wears_off: bool = False
    weekend: float = 1.15
    topic: str = ""
    answered: float = 1.0
    mood: str = "sore"
    channels: Mapping[str, float] = field(default_factory=dict)

    def rate(self, at: datetime, calendar: Calendar) -> float:
        """Return the openings a day around ``at``, before weekday effects."""
        grown = 1 - (calendar.until - at) / DAY / self.growth_days
        rate = self.early + (self.late - self.early) * min(max(grown, 0.0), 1.0)
        if self.since_version:
            start = calendar.releases.get(self.since_version)
            if start is None or at < start:
                return 0.0
            days = (at - start) / DAY
            rate *= min(1.0, 0.15 + days / 6)
            if self.wears_off:
                rate *= 0.35 + 0.65 * math.exp(-days / 25)
        fixed = calendar.releases.get(self.until_version)
        if fixed is not None and at > fixed:
            # Those who have not updated yet, and a few who never will.
            rate *= 0.03 + 0.97 * math.exp(-((at - fixed) / DAY) / 4)
        return rate


_REVIEWS = {"reviews": 0.7, "survey": 0.25, "community": 0.05}
_PRAISE = {"reviews": 0.4, "survey": 0.2, "community": 0.15, "rest": 0.15, "email": 0.05, "chat": 0.05}

PAINS: Mapping[str, Pain] = {
    # Slow ones that grow.
    "upload_stuck": Pain(0.7, 4.2, topic="bug"),
    "payout_delay": Pain(0.6, 3.2, growth_days=110, weekend=0.7, topic="payment"),
    "minors_mode": Pain(0.4, 1.3, weekend=1.5, topic="content"),
    "spam_messages": Pain(0.4, 1.1),
    "feed_repetitive": Pain(1.0, 1.7, topic="content"),
    "ads_loud": Pain(0.9, 1.4),
    # As old as the app.
    "ban_no_reason": Pain(0.9, 1.0, topic="account"),
    "gift_refund": Pain(0.5, 0.6, weekend=1.6, topic="payment"),
    "comments_missing": Pain(0.5, 0.5),
    "search_bad": Pain(0.5, 0.5),
    "sms_code": Pain(0.45, 0.45, topic="account"),
    "notifications": Pain(0.4, 0.4),
    "shop_orders": Pain(0.6, 0.8, topic="payment"),
    "live_lag": Pain(0.7, 0.7, weekend=1.4, topic="performance"),
    "copyright": Pain(0.45, 0.5, topic="content"),
    # Brought by one release, taken away by another.
    "battery_heat": Pain(2.1, 2.1, since_version="8.2.0", until_version="8.3.1", topic="performance"),
    "captions_sync": Pain(1.9, 2.1, until_version="8.3.2", topic="bug"),
    "black_screen": Pain(1.6, 1.6, since_version="8.3.0", until_version="8.3.2", topic="bug"),
    # New.
    "drafts_lost": Pain(2.6, 2.6, since_version="8.4.0", wears_off=True, topic="bug"),
    "ai_label": Pain(0.5, 2.2, growth_days=40, since_version="8.4.1", topic="content"),
    # Neither good nor bad, or good.
    "howto": Pain(1.1, 1.1, mood="plain", channels={"chat": 0.45, "rest": 0.35, "email": 0.2}),
    "suggestions": Pain(1.2, 1.2, topic="suggestion", mood="plain"),
    "praise": Pain(4.2, 4.6, answered=0.15, topic="praise", mood="glad", channels=_PRAISE),
    "noise": Pain(
        1.5, 1.5, answered=0.3, mood="grave", channels={"chat": 0.6, "rest": 0.3, "community": 0.1}
    ),
    "rating_low": Pain(1.2, 1.4, answered=0.1, mood="plain", channels=_REVIEWS),
    "rating_middle": Pain(0.9, 0.9, answered=0.05, mood="plain", channels=_REVIEWS),
    "rating_high": Pain(1.6, 1.6, answered=0.05, mood="glad", channels=_REVIEWS),
}

#: The outbreak: what a release broke for everybody for some hours, so it has no daily rate.
OUTBREAK = Pain(0, 0, channels={"rest": 0.45, "chat": 0.22, "community": 0.15, "email": 0.1, "reviews": 0.08})
#: Urgent messages; their hand-written sentences are used unaltered, with nothing roughened or mistyped.
URGENT = Pain(0, 0, mood="grave", channels={"rest": 0.4, "chat": 0.25, "email": 0.2, "community": 0.15})
#: The seven crisis category codes; each has its own section of sentences.
CRISES = ("content", "external", "management", "safety", "security", "legal", "tech")
CRISES_A_DAY = 0.06

#: The share of each channel, unless a subject overrides it.
CHANNELS: Mapping[str, float] = {
    "rest": 0.40,
    "chat": 0.16,
    "email": 0.13,
    "community": 0.09,
    "reviews": 0.09,
    "forum": 0.05,
    "survey": 0.04,
    "table": 0.04,
}

LANGUAGES: Mapping[str, float] = {
    "zh-Hans": 0.60,
    "en": 0.30,
    "ja": 0.025,
    "es": 0.025,
    "zh-Hant": 0.02,
    "pt": 0.012,
    "ko": 0.008,
    "de": 0.006,
    "fr": 0.004,
}

#: Relative activity of each local hour, and of each weekday (Monday first).
HOURS = (
    2, 1, 0.7, 0.5, 0.5, 0.8, 1.5, 2.5, 4, 5, 5.5, 6, 7.5, 6.5, 5, 5, 5.5, 6, 7, 8, 9, 9.5, 8, 4.5,
)  # fmt: skip
WEEKDAYS = (0.98, 0.92, 0.9, 0.93, 1.0, 1.0, 1.0)


def pain_of(subject: str) -> Pain:
    """Return the Pain of ``subject``, including urgent subjects and the outbreak."""
    if subject.startswith("crisis_"):
        return URGENT
    return OUTBREAK if subject == "outbreak_login" else PAINS[subject]


def expected_openings(calendar: Calendar) -> float:
    """Return how many conversations all pains together are expected to open during the demo."""
    days = [calendar.since + DAY * (offset + 0.5) for offset in range(DAYS)]
    return sum(pain.rate(day, calendar) for pain in PAINS.values() for day in days)
