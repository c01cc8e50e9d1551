"""Vary a few sentences as many different people would. Pure; all randomness comes from one ``Random``.

The sentences were written by hand (``texts/*.txt``). Here they are joined, filled and roughened according to a
person's habits and the manners of the channel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

TEXTS = Path(__file__).parent / "texts"
HAN_LANGUAGES = ("zh-Hans", "zh-Hant", "ja")
_SLOT = re.compile(r"\{([a-z0-9]+)\}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True)
class Section:
    """The lines about one subject: those that stand alone, those that add something, and hurried ones."""

    alone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    hurried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manner:
    """How a person writes; all values are shares 0..1. ``temper`` is how much feeling shows."""

    care: float
    words: float
    temper: float
    emoji: float
    typos: float


@dataclass(frozen=True)
class Mood:
    """Which sections may follow a main sentence, in this order, and whether the text is roughened."""

    added: tuple[str, ...]
    emoji: str = ""
    is_rough: bool = True


#: Additions that suit a complaint do not suit praise, and a person in danger adds only lines of the subject itself.
MOODS = {
    "sore": Mood(("own", "contexts", "own", "feelings", "asks"), emoji="emoji"),
    "plain": Mood(("own", "contexts", "own", "polite")),
    "glad": Mood(("own", "glad"), emoji="glad_emoji"),
    "grave": Mood(("own",), is_rough=False),
}

#: How much people write on a channel, added to their own ``words``.
LENGTH = {
    "rest": 0.0,
    "email": 0.45,
    "chat": -0.35,
    "forum": 0.25,
    "community": 0.05,
    "survey": -0.45,
    "reviews": -0.25,
    "table": 0.15,
}


@cache
def sections(filename: str) -> Mapping[str, Section]:
    """Read a file of ``texts/``; the top of the file describes the format."""
    found: dict[str, dict[str, list[str]]] = {}
    current: dict[str, list[str]] = {}
    for line in (TEXTS / filename).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if re.fullmatch(r"\[[A-Za-z_.\-]+\]", line) and (line.islower() or "." in line):
            current = found.setdefault(line[1:-1], {"alone": [], "added": [], "hurried": []})
        elif line.startswith("+ "):
            current["added"].append(line[2:])
        elif line.startswith("~ "):
            current["hurried"].append(line[2:])
        else:
            current["alone"].append(line)
    return {name: Section(*(tuple(lines) for lines in parts.values())) for name, parts in found.items()}


def section(language: str, name: str) -> Section:
    """Return the lines about ``name`` in ``language``; an empty Section if there are none."""
    if language in ("zh-Hans", "en"):
        return sections("zh.txt" if language == "zh-Hans" else "en.txt").get(name, Section())
    return sections("other.txt").get(f"{language}.{name}", Section())


def subjects_of(language: str) -> frozenset[str]:
    """Return the names of the sections in ``language``."""
    if language in ("zh-Hans", "en"):
        return frozenset(sections("zh.txt" if language == "zh-Hans" else "en.txt"))
    start = f"{language}."
    return frozenset(name.removeprefix(start) for name in sections("other.txt") if name.startswith(start))


def manner(random: Random) -> Manner:
    """Return the random Manner of a new person."""
    return Manner(
        care=random.betavariate(2, 2),
        words=random.betavariate(2, 3),
        temper=random.betavariate(1.5, 3),
        emoji=random.betavariate(1, 4),
        typos=random.betavariate(1, 6),
    )


def message(
    random: Random,
    language: str,
    subject: str,
    how: Manner,
    *,
    channel: str,
    slots: Mapping[str, str],
    mood: str = "sore",
) -> str:
    """Return a person's message about ``subject`` on a channel of this kind, in one of MOODS."""
    about = section(language, subject)
    length = how.words + LENGTH[channel] + random.gauss(0, 0.15)
    if about.hurried and (not about.alone or length < random.uniform(-0.25, 0.3)):
        text = random.choice(about.hurried)
    else:
        text = _paragraph(random, language, about, how, length, MOODS[mood])
    text = fill(random, language, text, slots)
    if not MOODS[mood].is_rough:
        return text
    return roughen(random, language, text, how, emoji=MOODS[mood].emoji)


def _paragraph(random: Random, language: str, about: Section, how: Manner, length: float, mood: Mood) -> str:
    """Join a main sentence with what else a person who writes at this length and temper would add."""
    parts = [random.choice(about.alone)]
    for name in mood.added:
        lines = about.added if name == "own" else section(language, name).alone
        eager = length + (0.3 if name == "feelings" and how.temper > 0.5 else 0.0)
        if lines and random.random() < eager * 0.75:
            line = random.choice(lines)
            if line not in parts:
                parts.append(line)
    joiner = "" if language in HAN_LANGUAGES else " "
    text = parts[0]
    for part in parts[1:]:
        if text[-1] not in "。？！.?!…，":
            text += "。" if language in HAN_LANGUAGES else "."
        text += joiner + part
    openings = section(language, "openings").alone if mood.is_rough and mood.emoji != "glad_emoji" else ()
    if openings and how.care > 0.55 and random.random() < 0.2 + length:
        text = random.choice(openings) + joiner + text
    if len(parts) > 1 and length > 0.9 and random.random() < 0.5:
        # Long letters have a break in the middle.
        ends = [match.end() for match in re.finditer(r"[。？！.?!]", text[:-1])]
        if ends:
            at = ends[len(ends) // 2]
            text = f"{text[:at]}\n{text[at:].lstrip()}"
    return text


def fill(random: Random, language: str, text: str, slots: Mapping[str, str]) -> str:
    """Fill the slots of ``text`` from ``slots``, else with random values. Raises KeyError for an unknown name."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return slots[name] if name in slots else invented(random, language, name)

    return _SLOT.sub(value, text)


def invented(random: Random, language: str, name: str) -> str:
    """Return a random plausible value of the slot ``name``. Raises KeyError for an unknown name."""
    is_chinese = language.startswith("zh")
    numbers = {
        "minutes": (5, 45), "hours": (2, 6), "days": (2, 15), "weeks": (2, 6), "times": (3, 12),
        "seconds": (2, 8), "mbps": (100, 800), "gb": (2, 9), "number": (12, 480), "age": (8, 14),
        "years": (2, 6),
    }  # fmt: skip
    if name in numbers:
        return str(random.randint(*numbers[name]))
    if name == "percent":
        return f"{random.randrange(15, 60, 5)}%"
    if name == "coins":
        return str(random.choice([99, 520, 1314, 3000, 6600]))
    if name == "order":
        return f"GL{random.randrange(10**9, 10**10)}"
    if name == "money":
        amount = random.choice([12, 30, 68, 128, 198, 328, 648, 999, 1280, 2400, 3600, 5200])
        if is_chinese:
            return f"{amount}{random.choice(['元', '元', '块', '块钱'])}"
        return f"¥{amount * 20}" if language == "ja" else f"${amount}"
    if name == "followers":
        thousands = random.choice([12, 26, 34, 50, 87, 120, 230])
        return f"{thousands / 10:g}万" if is_chinese else f"{thousands}k"
    if name == "outlet":
        zh = ["省电视台", "都市晚报", "一家财经媒体", "本地民生栏目"]
        return random.choice(zh if is_chinese else ["the local news", "a national paper", "a tech magazine"])
    raise KeyError(name)


_ZH_SLIPS = (
    ("登录", "登陆"), ("账号", "帐号"), ("视频", "视屏"), ("在", "再"), ("的时候", "得时候"), ("已经", "己经"),
    ("怎么", "咋"), ("没有", "没"), ("这样", "酱紫"), ("客服", "kf"), ("什么", "啥"), ("真的", "真滴"),
)  # fmt: skip
_EN_SLIPS = (
    ("please", "plz"), ("Please", "pls"), ("you ", "u "), ("because", "cuz"), ("really", "rly"),
    ("account", "acount"), ("don't", "dont"), ("can't", "cant"), ("people", "ppl"), ("receive", "recieve"),
)  # fmt: skip


def roughen(random: Random, language: str, text: str, how: Manner, *, emoji: str = "") -> str:
    """Rewrite ``text`` as this person would: typos, missing full stops, shouting, emoji of the section ``emoji``."""
    is_chinese = language.startswith("zh")
    slips = _ZH_SLIPS if is_chinese else _EN_SLIPS if language == "en" else ()
    for right, wrong in slips:
        if right in text and random.random() < how.typos * 0.5:
            text = text.replace(right, wrong, 1)
    if language == "en":
        if random.random() < how.typos:
            text = _swapped(random, text)
        if how.care < 0.4:
            text = text.lower()
            if how.care < 0.25:
                text = text.replace("'", "")
        elif how.temper > 0.75 and random.random() < 0.12:
            text = text.upper()
    if how.care < 0.35:
        text = text.rstrip("。.")
        if is_chinese and random.random() < 0.5:
            text = re.sub("[，。]", random.choice([" ", "，"]), text)
    elif is_chinese and len(text) > 12 and text[-1] not in "。？！…～" and random.random() < how.care:
        text += "。"
    if emoji and how.temper > 0.55 and random.random() < 0.35:
        text = text.rstrip("。.") + random.choice(
            ["！", "！！", "！！！"] if is_chinese else ["!", "!!", "!!!"]
        )
    marks = section(language, emoji).alone if emoji else ()
    if marks and random.random() < how.emoji * 0.7:
        text += random.choice(marks) * random.choice([1, 1, 2, 3])
    return text.strip()


def _swapped(random: Random, text: str) -> str:
    """Swap two adjacent letters inside one longer word."""
    words = list(re.finditer(r"[a-z]{5,}", text))
    if not words:
        return text
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def answer(
    random: Random,
    language: str,
    subject: str,
    *,
    agent: str,
    customer: str,
    released: frozenset[str],
    is_first: bool = True,
    is_solved: bool = False,
) -> str:
    """Return an agent's answer, in Chinese or English, that mentions no version outside ``released``."""
    texts, tag = sections("agents.txt"), "zh" if language.startswith("zh") else "en"

    def pick(name: str) -> str:
        usable = [
            line
            for line in texts.get(f"{tag}.{name}", Section()).alone
            if released.issuperset(_VERSION.findall(line))
        ]
        return random.choice(usable) if usable else ""

    body = pick(subject) or (pick("solved") if is_solved else pick("first"))
    parts = [pick("greeting") if is_first else "", body, pick("solved") if is_solved and is_first else ""]
    parts.append(pick("closing"))
    text = ("" if tag == "zh" else " ").join(part for part in dict.fromkeys(parts) if part)
    return fill(random, language, text, {"agent": agent, "customer": customer})


def note(random: Random, language: str, *, device: str, version: str) -> str:
    """Return an internal note, in Chinese or English."""
    tag = "zh" if language.startswith("zh") else "en"
    line = random.choice(sections("agents.txt")[f"{tag}.note"].alone)
    return fill(random, language, line, {"device": device, "version": version or "?"})
