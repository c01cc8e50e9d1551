"""The fictitious people of the demo, with devices, writing habits and preferences. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tickets.demo.pains import LANGUAGES
from tickets.demo.wording import Manner, manner, sections

_CITIES = {
    "zh-Hans": (
        "杭州",
        "成都",
        "广州",
        "北京",
        "上海",
        "武汉",
        "西安",
        "长沙",
        "沈阳",
        "昆明",
        "郑州",
        "南宁",
        "青岛",
    ),
    "en": ("Manchester", "Austin", "Toronto", "Dublin", "Leeds", "Chicago", "Nairobi", "Mumbai", "Sydney"),
}
_DEVICES = {
    "zh-Hans": (
        ("HarmonyOS", "华为Mate 60"), ("HarmonyOS", "华为Pura 70"), ("Android", "小米14"), ("Android", "红米K70"),
        ("Android", "OPPO Reno11"), ("Android", "vivo X100"), ("Android", "荣耀200"), ("Android", "一加12"),
        ("Android", "vivo S18"), ("iOS", "iPhone 13"), ("iOS", "iPhone 14 Pro"), ("iOS", "iPhone 15"),
        ("iOS", "iPhone 16 Pro"), ("Android", "红米Note 13"), ("iOS", "iPad Air"),
    ),
    "en": (
        ("iOS", "iPhone 13"), ("iOS", "iPhone 14"), ("iOS", "iPhone 15 Pro"), ("iOS", "iPhone 16"),
        ("Android", "Pixel 8"), ("Android", "Pixel 7a"), ("Android", "Galaxy S23"), ("Android", "Galaxy S24"),
        ("Android", "Galaxy A54"), ("Android", "OnePlus 12"), ("Android", "Moto G84"), ("iOS", "iPad Air"),
    ),
}  # fmt: skip
_MAIL_DOMAINS = ("example.com", "example.org", "example.net")
#: Subjects that creators complain about rather than viewers.
CREATORS = frozenset(
    {"payout_delay", "upload_stuck", "ai_label", "copyright", "drafts_lost", "ban_no_reason"}
)


@dataclass(frozen=True)
class Person:
    """A fictitious person. ``account`` is their login in the app; ``email`` is empty if they gave none.

    ``wish_language``, ``wish_channel``, ``quiet_from`` (local hour) and ``opt_outs`` are stated preferences, mostly
    none.
    """

    number: int
    name: str
    language: str
    account: str
    email: str
    platform: str
    device: str
    city: str
    manner: Manner
    segment: str = "standard"
    is_minor: bool = False
    wish_language: str = ""
    wish_channel: str = ""
    quiet_from: int | None = None
    opt_outs: tuple[str, ...] = ()


#: The customer who can log in, see ``tickets.demo.cast``.
KIM = Person(
    number=0,
    name="Kim Lin 林可",
    language="zh-Hans",
    account="kimlin",
    email="customer@example.com",
    platform="iOS",
    device="iPhone 15",
    city="杭州",
    manner=Manner(care=0.7, words=0.6, temper=0.3, emoji=0.2, typos=0.05),
    segment="creator",
    wish_language="zh-Hans",
    quiet_from=22,
)


def person(random: Random, number: int, language: str, subject: str) -> Person:
    """Return a new person who writes in ``language`` and may raise ``subject``."""
    family = "en" if language not in ("zh-Hans", "zh-Hant") else "zh-Hans"
    name, stem = _name(random, language, number)
    platform, device = random.choice(_DEVICES[family])
    is_creator = random.random() < (0.6 if subject in CREATORS else 0.08)
    others = [("paying", 0.12), ("partner", 0.01)]
    segment = "creator" if is_creator else next((s for s, p in others if random.random() < p), "standard")
    return Person(
        number=number,
        name=name,
        language=language,
        account=stem,
        email=f"{stem}@{random.choice(_MAIL_DOMAINS)}" if random.random() < 0.55 else "",
        platform=platform,
        device=device,
        city=random.choice(_CITIES[family]),
        manner=manner(random),
        segment=segment,
        is_minor=random.random() < 0.02,
        wish_language=language if random.random() < 0.12 else "",
        wish_channel=random.choice(["email", "rest"]) if random.random() < 0.08 else "",
        quiet_from=random.choice([21, 22, 23]) if random.random() < 0.06 else None,
        opt_outs=("surveys",) if random.random() < 0.05 else (),
    )


def _name(random: Random, language: str, number: int) -> tuple[str, str]:
    """Return a display name and a unique ASCII login."""

    def any_of(name: str) -> str:
        return random.choice(sections("names.txt")[name].alone)

    if language == "zh-Hans":
        if random.random() < 0.5:
            return any_of("zh_family") + any_of("zh_given"), f"yg{number:05d}"
        return any_of("zh_nick") + random.choice(["", "", str(random.randint(1, 99))]), f"yg{number:05d}"
    if language == "en":
        if random.random() < 0.6:
            first, last = any_of("en_first"), any_of("en_last")
            return f"{first} {last}", f"{first}.{last}.{number}".lower()
        nick = any_of("en_nick")
        return nick, f"{nick}.{number}"
    return any_of(f"of.{language}"), f"{language.lower()}{number:05d}"


class Crowd:
    """All people so far: a new case often comes from a person who wrote before."""

    RETURNING = 0.3

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_language: dict[str, list[Person]] = {language: [] for language in LANGUAGES}
        self._size = 1

    def someone(self, language: str, subject: str, *, may_return: bool = True) -> Person:
        """Return the author of the next case: a new person, or a returning one if ``may_return``."""
        known = self._by_language[language]
        if known and may_return and self._random.random() < self.RETURNING:
            candidates = self._random.sample(known, min(len(known), 4))
            if subject in CREATORS:
                candidates.sort(key=lambda one: one.segment != "creator")
            return candidates[0]
        one = person(self._random, self._size, language, subject)
        self._size += 1
        known.append(one)
        return one
