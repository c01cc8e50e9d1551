"""The quick screen: find the danger words in a message before any model has seen it.

Pure, and fast enough for a web request: one pass of a linear-time automaton over the text, about ten
microseconds for a message without danger words. It sets the priority at intake and explains urgency later; it
does not replace the urgency score, because most urgent messages contain no danger word.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import re2

from feedback.intake.bounds import MOST_TEXT
from feedback.intake.folding import fold

CATEGORIES = ("safety", "security", "legal", "content", "management", "tech", "external")

_GAP = "[^，。！？；,.!?;\\n]{0,8}?"
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
# In characters: how far before a phrase a "not" still negates it.
_REACH = 24
# In characters: how much of the sentence, before and after a phrase, is searched for an excuse.
_CONTEXT = 400
# More repetitions of one phrase than this add nothing.
_MOST_OF_ONE = 200
# "自 杀", "自*杀": characters of one word separated to evade the screen.
_SPACED_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[ *·._\-~|/+]{1,3}(?=[\u4e00-\u9fff])")
_MASKED_WORD = re.compile(r"\b(?=[a-z]*[013457@$][a-z])[a-z013457@$]*[a-z][a-z013457@$]*\b")
_UNMASK = str.maketrans("013457@$", "oieastas")
# Self-harm in the first person counts even in a sentence that jokes or names a film.
_NEVER_EXCUSED = re.compile(
    r"不想活|活不下去|活够|自杀|轻生|遗书|割腕"
    r"|kill(?:ing)? myself|suicid|end my life|don'?t want to (?:live|be alive)"
)
# 不想活动 is no wish to die: the last character of the phrase forms another word with the next one.
_MAKES_ANOTHER_WORD = {"活": frozenset("动跃泼络")}
_FIRST_PERSON = re.compile(r"我(?!们的?节目)|\b(?:i|i'm|i've|my|me|myself)\b")


@dataclass(frozen=True)
class Hit:
    """One danger phrase: crisis category code, the original words and their half-open span in the original."""

    category: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _WordList:
    """The compiled list: all phrases as one automaton, each one alone to find its span, and the excuses."""

    phrases: Any
    phrase: tuple[tuple[str, Any], ...]
    excuses: dict[str, tuple[re.Pattern[str], ...]]


def _expression(shorthand: str) -> str:
    """Expand one line of the word list into a regular expression."""
    if shorthand.isascii():
        return r"\b(?:" + shorthand.replace("_", r"\s+") + r")\b"
    return shorthand.replace("~", _GAP)


@cache
def _word_list() -> _WordList:
    options = re2.Options()
    options.max_mem = 128 << 20
    phrases = re2.Set.SearchSet(options)
    phrase = []
    excuses: dict[str, tuple[re.Pattern[str], ...]] = {}
    lines = (files("feedback.intake") / "danger_words.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line or line.startswith("#"):
            continue
        kind, shorthand = line.split("\t")
        if kind in CATEGORIES:
            phrases.Add(_expression(shorthand))
            phrase.append((kind, re2.compile(_expression(shorthand), options)))
        else:
            excuse = shorthand.replace("~", _GAP) if not shorthand.isascii() else shorthand
            excuses[kind] = (*excuses.get(kind, ()), re.compile(excuse))
    phrases.Compile()
    return _WordList(phrases, tuple(phrase), excuses)


def _is_near(excuse: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _word_list().excuses[excuse])


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence (or sentences) around ``text[start:end]``, at most _CONTEXT to each side."""
    first = max(start - _CONTEXT, 0)
    for match in _SENTENCE_END.finditer(text, first, start):
        first = match.end()
    after = _SENTENCE_END.search(text, end, end + _CONTEXT)
    return first, after.start() if after else min(end + _CONTEXT, len(text))


def _is_excused(category: str, text: str, start: int, end: int) -> bool:
    """Return whether the context of a danger phrase shows that it is harmless."""
    first, last = _sentence(text, start, end)
    sentence = text[first:last]
    if _is_near("NEGATED", text[max(first, start - _REACH) : start]):
        return True
    if _NEVER_EXCUSED.search(text[start:end]) and _FIRST_PERSON.search(sentence):
        return False
    if category in ("safety", "content") and (_is_near("FICTION", sentence) or _is_near("JOKING", sentence)):
        return True
    if category in ("tech", "external") and _is_near("JOKING", sentence):
        return True
    return _is_near("TEACHING", sentence) or _is_near("OVER", sentence)


def _unmasked(text: str) -> str:
    """Restore letters written as digits inside words ("k1ll"), keeping the length."""
    return _MASKED_WORD.sub(lambda match: match.group().translate(_UNMASK), text)


def _joined(text: str) -> tuple[str, list[int]] | None:
    """Return the text with spaced-out Han characters joined, and its positions; None when there are no gaps."""
    if not _SPACED_HAN.search(text):
        return None
    kept = list(range(len(text)))
    for match in reversed(list(_SPACED_HAN.finditer(text))):
        del kept[match.start() : match.end()]
    return "".join(text[index] for index in kept), kept


def _found(text: str) -> list[tuple[str, int, int]]:
    word_list = _word_list()
    found = []
    for index in word_list.phrases.Match(text) or ():
        category, pattern = word_list.phrase[index]
        for match in islice(pattern.finditer(text), _MOST_OF_ONE):
            start, end = match.span()
            if start == end or text[end : end + 1] in _MAKES_ANOTHER_WORD.get(text[end - 1], ()):
                continue
            if not _is_excused(category, text, start, end):
                found.append((category, start, end))
    return found


def screen(text: str) -> tuple[Hit, ...]:
    """Return the danger phrases of ``text`` in order of appearance, none inside another of its category.

    Negated, joking, fictional, instructive and settled mentions are left out. Reads the first 20,000
    characters. Never raises for any ``str``.
    """
    folded = fold(text[:MOST_TEXT])
    plain = _unmasked(folded.text)
    found = _found(plain)
    if joined := _joined(plain):
        closed, kept = joined
        found += [(category, kept[start], kept[end - 1] + 1) for category, start, end in _found(closed)]
    hits: list[Hit] = []
    for category, start, end in sorted(set(found), key=lambda item: (item[1] - item[2], item)):
        if not any(hit.category == category and hit.start <= start and end <= hit.end for hit in hits):
            hits.append(Hit(category, plain[start:end], start, end))
    hits = [
        Hit(hit.category, text[start:end], start, end)
        for hit in hits
        for start, end in [folded.span(hit.start, hit.end)]
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.start, -hit.end)))
