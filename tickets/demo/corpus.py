"""Six months of feedback for 萤光 / Glowreel, a fictitious short-video app. Pure and deterministic.

``corpus(until)`` returns conversations with everything that happens in them: what customers write, what
agents answer and note, when they end, how they are rated. The same ``until`` and seed give the same demo.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tickets.demo.pains import (
    CHANNELS,
    CRISES,
    CRISES_A_DAY,
    DAY,
    HOURS,
    LANGUAGES,
    PAINS,
    WEEKDAYS,
    expected_openings,
    pain_of,
)
from tickets.demo.people import KIM, Crowd, Person
from tickets.demo.releases import DAYS, LOCAL, Calendar, calendar
from tickets.demo.story import Step, Teller
from tickets.demo.wording import message, section, subjects_of

MESSAGES = 5_000
OUTBREAK_PEOPLE = 320
#: Customers' messages per conversation, including follow-ups; used to scale the number of conversations.
_MESSAGES_A_CASE = 1.2
_HURRIED_TRIES = 4


@dataclass(frozen=True)
class Case:
    """One conversation. ``steps`` are in chronological order, the first is the customer's opening message.

    ``subject`` and ``crisis`` say what it was written about; they are not passed to the service.
    """

    key: str
    person: Person
    is_anonymous: bool
    channel: str
    language: str
    subject: str
    crisis: str
    headline: str
    rating: int | None
    topic_hint: str
    app_version: str
    platform: str
    device: str
    page: str
    steps: tuple[Step, ...]

    @property
    def opened_at(self) -> datetime:
        return self.steps[0].at

    @property
    def is_urgent(self) -> bool:
        """Whether it was written to be urgent; the service may judge otherwise."""
        return bool(self.crisis) or self.subject == "outbreak_login"

    @property
    def answered_in(self) -> str:
        """The language that agents answer in."""
        return "zh-Hans" if self.language.startswith("zh") else "en"


@dataclass(frozen=True)
class _Opening:
    at: datetime
    subject: str
    crisis: str = ""
    person: Person | None = None
    channel: str = ""
    language: str = ""


def corpus(until: datetime, *, seed: int = 8, messages: int = MESSAGES) -> list[Case]:
    """Return the conversations of the 182 days before ``until`` (aware), oldest first.

    ``messages`` is the approximate number of customers' messages in them. Takes a second or two.
    """
    random = Random(seed)
    times = calendar(until)
    scale = _scale(times, messages)
    openings = [*_everyday(random, times, scale), *_crises(random, times, scale)]
    openings += _outbreak(random, times, min(1.0, messages / MESSAGES))
    openings += _lately(times)
    openings += _of_kim(times)
    openings.sort(key=lambda opening: (opening.at, opening.subject))
    writer = _Writer(random, times)
    return [writer.write(opening) for opening in openings]


def _scale(times: Calendar, messages: int) -> float:
    share_of_outbreak = min(1.0, messages / MESSAGES) * OUTBREAK_PEOPLE
    left = messages - (share_of_outbreak + CRISES_A_DAY * len(CRISES) * DAYS) * 1.1
    return max(left, 0.0) / (expected_openings(times) * _MESSAGES_A_CASE)


def _everyday(random: Random, times: Calendar, scale: float) -> Iterator[_Opening]:
    for offset in range(DAYS + 1):
        day = times.since + offset * DAY
        for subject, pain in PAINS.items():
            weekday = day.astimezone(LOCAL).weekday()
            rhythm = WEEKDAYS[weekday] * (pain.weekend if weekday >= 5 else 1.0)
            # Vary each day: feedback comes in bursts, never evenly.
            mood = random.gammavariate(6, 1 / 6)
            for _ in range(_poisson(random, pain.rate(day, times) * rhythm * scale * mood)):
                at = _clock(random, day)
                if times.since <= at < times.until - timedelta(minutes=2):
                    yield _Opening(at, subject)


def _crises(random: Random, times: Calendar, scale: float) -> Iterator[_Opening]:
    for crisis in CRISES:
        for _ in range(_poisson(random, CRISES_A_DAY * DAYS * min(scale, 1.0))):
            # Those of the last day are placed by hand, see _lately.
            at = times.since + (times.until - times.since - DAY) * random.random()
            yield _Opening(_clock(random, at), f"crisis_{crisis}", crisis)


def _outbreak(random: Random, times: Calendar, share: float) -> Iterator[_Opening]:
    """Yield openings with a steep beginning and a long tail, since people meet the fault when they update."""
    length = times.outbreak_until - times.outbreak_from
    for _ in range(round(OUTBREAK_PEOPLE * share)):
        yield _Opening(times.outbreak_from + length * random.betavariate(1.8, 2.8), "outbreak_login")


def _lately(times: Calendar) -> Iterator[_Opening]:
    """Yield the recent openings that a visitor finds in the inbox at any hour."""
    fresh = (
        (3, "upload_stuck", "rest", "en"),
        (6, "payout_delay", "chat", "zh-Hans"),
        (9, "ads_loud", "reviews", "en"),
        (14, "upload_stuck", "chat", "zh-Hans"),
        (19, "howto", "chat", "zh-Hans"),
        (26, "drafts_lost", "email", "en"),
        (33, "ai_label", "rest", "zh-Hans"),
        (41, "minors_mode", "email", "zh-Hans"),
        (52, "shop_orders", "rest", "en"),
        (63, "upload_stuck", "community", "zh-Hans"),
        (77, "praise", "rest", "zh-Hans"),
        (88, "feed_repetitive", "forum", "en"),
        (104, "payout_delay", "email", "en"),
        (121, "ban_no_reason", "rest", "zh-Hans"),
        (140, "live_lag", "rest", "zh-Hans"),
    )
    for minutes, subject, channel, language in fresh:
        yield _Opening(times.until - timedelta(minutes=minutes), subject, channel=channel, language=language)
    urgent = (
        (8, "security", "chat", "zh-Hans"), (21, "safety", "rest", "en"), (47, "legal", "email", "zh-Hans"),
        (95, "content", "rest", "zh-Hans"), (210, "safety", "rest", "zh-Hans"),
    )  # fmt: skip
    for minutes, crisis, channel, language in urgent:
        at = times.until - timedelta(minutes=minutes)
        yield _Opening(at, f"crisis_{crisis}", crisis, channel=channel, language=language)


def _of_kim(times: Calendar) -> Iterator[_Opening]:
    """Yield the openings of Kim, the customer who can log in."""
    raised = (
        (150, "captions_sync", "rest"), (96, "suggestions", "rest"), (61, "payout_delay", "email"),
        (20, "drafts_lost", "rest"), (2, "upload_stuck", "rest"),
    )  # fmt: skip
    for days, subject, channel in raised:
        at = times.until - timedelta(days=days, hours=3, minutes=days % 60)
        yield _Opening(at, subject, person=KIM, channel=channel)


class _Writer:
    """Turns openings into cases, in chronological order."""

    def __init__(self, random: Random, times: Calendar) -> None:
        self._random = random
        self._times = times
        self._crowd = Crowd(random)
        self._teller = Teller(random, times)
        self._said: set[str] = set()
        self._count = 0

    def write(self, opening: _Opening) -> Case:
        """Return the case of ``opening``."""
        random, subject = self._random, opening.subject
        language = opening.language or self._language(subject)
        one = opening.person or self._crowd.someone(language, subject, may_return=not opening.crisis)
        pain = pain_of(subject)
        channel = opening.channel or _weighted(random, pain.channels or CHANNELS)
        version = self._version(opening)
        slots = _slots(one, version)
        text = self._text(one, subject, channel, slots)
        case = Case(
            key=f"{self._count:05d}",
            person=one,
            is_anonymous=opening.person is None and channel == "rest" and random.random() < 0.12,
            channel=channel,
            language=one.language,
            subject=subject,
            crisis=opening.crisis,
            headline=_headline(random, one.language, subject) if channel in ("email", "forum") else "",
            rating=_stars(random, subject) if channel in ("reviews", "survey") else None,
            topic_hint=pain.topic if channel == "rest" and random.random() < 0.4 else "",
            app_version=version if channel in ("rest", "chat", "reviews") else "",
            platform=one.platform if channel in ("rest", "chat", "reviews") else "",
            device=one.device if channel in ("rest", "chat") else "",
            page=_page(subject) if channel == "rest" else "",
            steps=self._teller.tell(
                one, subject, crisis=opening.crisis, channel=channel, text=text, at=opening.at,  slots=slots,
            ),
        )  # fmt: skip
        self._count += 1
        return case

    def _language(self, subject: str) -> str:
        speaking = {
            language: weight for language, weight in LANGUAGES.items() if subject in subjects_of(language)
        }
        return _weighted(self._random, speaking)

    def _version(self, opening: _Opening) -> str:
        if opening.subject == "outbreak_login":
            return "8.4.0"
        version = self._times.version(self._random, opening.at)
        return max(version, pain_of(opening.subject).since_version)

    def _text(self, one: Person, subject: str, channel: str, slots: dict[str, str]) -> str:
        """Return a message text, unused so far unless four tries gave only repeats, as short ones may."""
        how = one.manner
        for _ in range(_HURRIED_TRIES):
            text = message(
                self._random,
                one.language,
                subject,
                how,
                channel=channel,
                slots=slots,
                mood=pain_of(subject).mood,
            )
            if text not in self._said:
                break
        self._said.add(text)
        if channel == "table":
            # Notes of phone calls.
            start = "用户来电：" if one.language.startswith("zh") else "Caller says: "
            return start + text
        return text


def _slots(one: Person, version: str) -> dict[str, str]:
    """Return the values of sentence slots that are specific to ``one``."""
    other = "iPhone 12" if one.platform != "iOS" else "iPad"
    return {"device": one.device, "device2": other, "version": version, "city": one.city}


def _weighted(random: Random, weights: object) -> str:
    table = dict(weights)  # type: ignore[call-overload]
    return str(random.choices(list(table), weights=list(table.values()))[0])


def _poisson(random: Random, mean: float) -> int:
    """Draw from a Poisson distribution by Knuth's product of uniforms: means here are below ten, mostly below one."""
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def _clock(random: Random, day: datetime) -> datetime:
    """Return a random time on the local day of ``day``, more likely when people are awake."""
    start = day.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    hour = random.choices(range(24), weights=HOURS)[0]
    return (start + timedelta(hours=hour, seconds=random.randrange(3600))).astimezone(day.tzinfo)


def _stars(random: Random, subject: str) -> int:
    if subject in ("praise", "rating_high"):
        return random.choice([5, 5, 5, 4])
    if subject in ("rating_middle", "suggestions", "howto"):
        return random.choice([3, 3, 4, 2])
    return random.choice([1, 1, 1, 2, 2, 3])


_PAGES = {
    "upload_stuck": "/post",
    "drafts_lost": "/post/drafts",
    "payout_delay": "/wallet/withdraw",
    "shop_orders": "/shop/orders",
    "live_lag": "/live",
    "gift_refund": "/live",
    "outbreak_login": "/login",
    "sms_code": "/login",
    "search_bad": "/search",
    "minors_mode": "/settings/teen-mode",
    "feed_repetitive": "/feed",
    "captions_sync": "/watch",
}


def _page(subject: str) -> str:
    return _PAGES.get(subject, "")


_HEADLINES = {
    "zh-Hans": ("反馈", "求助", "投诉", "请尽快处理", "问题反馈", "咨询"),
    "en": ("Problem", "Help needed", "Complaint", "Please look into this", "Question", "Feedback"),
}


def _headline(random: Random, language: str, subject: str) -> str:
    """Return a subject line: a short form of the complaint, or a meaningless one, as people write them."""
    family = "zh-Hans" if language.startswith("zh") else "en"
    hurried = [line for line in section(language, subject).hurried if "{" not in line]
    if hurried and random.random() < 0.6:
        return random.choice(hurried)
    return random.choice(_HEADLINES[family])
