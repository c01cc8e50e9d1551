"""The immediate answer to a sender in danger: approved wording and help lines, read from one file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from feedback.intake.screen import Hit

APPROVED = Path(__file__).with_name("first_answers.toml")
LANGUAGES = ("en", "zh-hans")
SELF_HARM, DANGER = "self_harm", "danger"

_HAN = re.compile(r"[\u3400-\u9fff]")
# Violence and threats by others. Any other safety hit is read as self-harm, the kinder mistake.
_BY_OTHERS = re.compile(
    r"杀(?:我|你|他|她|人|全家)|砍|捅|打死|弄死|灭门|刀|硫酸|绑架|囚|软禁|拘禁|拐卖|强奸|强暴|轮奸|性侵|猥亵|家暴|跟踪|尾随"
    r"|人肉|胁迫|威胁|要挟|勒索|敲诈|恐吓|殴打|追杀|虐待|裸|骚扰|住?址|炸|救|有人要|害我|见面|开房|打我|掐"
    r"|kill\w* (?:me|my (?!self)|us|you all|everyone|people)|murder|shoot|stab|rape|behead|bomb|threat|blackmail|extort"
    r"|stalk|groom|kidnap|abduct|traffick|beat|abuse|molest|assault|hostage|dox|knife|gun|acid|machete|address"
    r"|danger|nude|undress|meet|police|911|999|112|ambulance|send help|chok|punch|hits? (?:me|my)",
    re.IGNORECASE,
)
_BY_ONESELF = re.compile(r"自杀|自残|自尽|轻生|割腕|myself|suicid|self[- ]?harm", re.IGNORECASE)


class WrongFile(ValueError):
    """The first answers file lacks a kind, a language or a text."""


@dataclass(frozen=True)
class HelpLine:
    """A source of help: a number to call or a URL to open."""

    name: str
    phone: str = ""
    url: str = ""


@dataclass(frozen=True)
class FirstAnswer:
    """An approved answer; ``kind`` is ``self_harm`` or ``danger``, ``version`` identifies the wording."""

    kind: str
    language: str
    text: str
    lines: tuple[HelpLine, ...]
    version: str


def first_answer(hits: Iterable[Hit | Mapping[str, Any]]) -> FirstAnswer | None:
    """Return the immediate answer to a message with these danger words, None when no hit is about safety.

    It is in the language of the danger words themselves, which the sender is sure to read.
    """
    texts = [text for category, text in map(_words, hits) if category == "safety"]
    if not texts:
        return None
    by_others = all(_BY_OTHERS.search(text) and not _BY_ONESELF.search(text) for text in texts)
    language = "zh-hans" if any(_HAN.search(text) for text in texts) else "en"
    return answers(settings.FIRST_ANSWERS_FILE)[DANGER if by_others else SELF_HARM, language]


def _words(hit: Hit | Mapping[str, Any]) -> tuple[str, str]:
    return (hit.category, hit.text) if isinstance(hit, Hit) else (hit["category"], hit["text"])


@cache
def answers(path: str = "") -> dict[tuple[str, str], FirstAnswer]:
    """Return the approved answers in ``path`` (empty: the built-in file) by kind and language. Raises WrongFile."""
    content = tomllib.loads((Path(path) if path else APPROVED).read_text(encoding="utf-8"))
    try:
        return {
            (kind, language): FirstAnswer(
                kind=kind,
                language=language,
                text=content[kind][language]["text"],
                lines=tuple(HelpLine(**line) for line in content[kind][language]["lines"]),
                version=content["version"],
            )
            for kind in (SELF_HARM, DANGER)
            for language in LANGUAGES
        }
    except (KeyError, TypeError) as error:
        raise WrongFile(f"first answers: {error} is missing or wrong") from None
