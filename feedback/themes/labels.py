"""Name a theme with phrases of the people who wrote it, in each of their languages; choose typical quotes.

Pure: numpy only; neither Django nor the database.

A phrase of two to six words is taken as people wrote it ("card has not arrived"), not built from single words. It is
good when its words are used by many of this theme (coverage) and by few others (log-odds), when it lies near the
theme's centre, and when it says what happens: it holds a verb or a negation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from feedback.themes.neighbours import sums_by
from feedback.themes.scrub import scrub
from feedback.themes.stop_words import (
    COMPLEMENTS,
    NEGATIONS,
    PARTICLE_VERBS,
    PARTICLES,
    REASSURING,
    UNFIT,
    VERBS,
    stop_words,
)
from feedback.themes.words import HAN, clauses

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

SEPARATOR = " · "
_LONGEST_WORDS = 6
_LONGEST_HAN = 12
# Of each theme so many messages are read and so many phrases weighed; of hundreds of themes fewer each, so that naming
# a hundred thousand messages takes seconds.
_READ, _READ_IN_ALL, _READ_LEAST = 120, 30_000, 40
_CANDIDATES, _CANDIDATES_IN_ALL, _CANDIDATES_LEAST = 60, 8_000, 12
_PRIOR = 5.0
_PHRASES = 2
_SECOND = 0.45
# What forms of an English word differ by, and how many letters must be left.
_ENDINGS = (("ingly", 5), ("ings", 4), ("ing", 4), ("ied", 3), ("ies", 3), ("ed", 4), ("es", 4), ("s", 2))
# Written without spaces, and no segmenter here: their labels are short quotes.
_UNSEGMENTED = frozenset({"ja", "th"})


@dataclass(frozen=True)
class Label:
    """The name of one theme in one language; ``messages`` of that language stand behind it."""

    theme: int
    language: str
    text: str
    phrases: tuple[str, ...]
    messages: int


@dataclass(frozen=True)
class _Phrase:
    text: str
    keys: frozenset[str]
    score: float


def label_themes(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    themes: NDArray[np.int64],
    languages: Sequence[str],
    *,
    encode: Encode | None = None,
) -> dict[int, list[Label]]:
    """Return for each theme (-1 left out) its labels, the language with most messages first.

    ``vectors`` (n, d) of unit length, ``themes`` (n,), ``languages`` codes per message (``zh-Hans`` counts as ``zh``,
    "" as ``en``). A language speaks for a theme when a tenth of its messages use it. ``encode`` turns phrases into
    vectors like ``vectors``: with it phrases near the theme's centre win. No theme stays without a label.
    """
    spoken = np.array([language.lower().partition("-")[0] or "en" for language in languages], dtype=object)
    cut = [clauses(text) for text in texts]
    # One centre for all languages: the few English messages of a Chinese theme are named by what they share with it.
    known = themes >= 0
    centres = sums_by(themes[known], vectors[known], int(themes.max(initial=-1)) + 1)
    found: dict[int, list[Label]] = defaultdict(list)
    for language in sorted(set(spoken)):
        rows = np.flatnonzero((spoken == language) & (themes >= 0))
        if len(rows):
            _label_language(language, rows, texts, vectors, themes, centres, cut, encode, found)
    total = np.bincount(themes[themes >= 0]) if (themes >= 0).any() else np.zeros(0, np.int64)
    return {
        theme: sorted(
            _heard(labels, int(total[theme])),
            key=lambda label: (-label.messages, label.language),
        )
        for theme, labels in sorted(found.items())
    }


def _heard(labels: list[Label], total: int) -> list[Label]:
    """Return the labels of the languages that speak for a theme of ``total`` messages: of one at least.

    A tenth of the messages, and phrases of their own, not just a quote.
    """
    most = max(label.messages for label in labels)
    heard = [
        label
        for label in labels
        if label.messages >= total / 10 and (label.phrases or label.messages == most)
    ]
    named = [label for label in heard if label.phrases]
    return named or heard


def reader_label(labels: Sequence[Label], language: str = "") -> str:
    """Return the one text that names the theme for a reader of ``language`` (a code, ``zh-hans`` counts as ``zh``).

    The label in the reader's language when there is one; else, and when ``language`` is "", Chinese and English side
    by side if both spoke, or the label of the language that spoke most.
    """
    wanted = language.lower().partition("-")[0]
    by_language = {label.language: label.text for label in labels}
    if wanted in by_language:
        return by_language[wanted]
    both = [by_language[code] for code in ("zh", "en") if code in by_language]
    if both and labels[0].language in ("zh", "en"):
        return " / ".join(both)
    return labels[0].text if labels else ""


def _label_language(
    language: str,
    rows: NDArray[np.int64],
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    themes: NDArray[np.int64],
    centres: NDArray[np.float32],
    cut: list[list[list[str]]],
    encode: Encode | None,
    found: dict[int, list[Label]],
) -> None:
    """Add to ``found`` the label of each theme that ``rows``, all of one language, belong to."""
    stop = stop_words(language)
    everywhere: Counter[str] = Counter()
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    members: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        keys = {stem(word) for clause in cut[row] for word in clause if is_content(word, stop)}
        everywhere.update(keys)
        inside[themes[row]].update(keys)
        members[themes[row]].append(row)
    read = int(np.clip(_READ_IN_ALL // len(members), _READ_LEAST, _READ))
    candidates = int(np.clip(_CANDIDATES_IN_ALL // len(members), _CANDIDATES_LEAST, _CANDIDATES))
    for theme, own in members.items():
        centre = centres[theme]
        typical = [own[place] for place in np.argsort(-(vectors[own] @ centre), kind="stable")[:read]]
        weights = word_weights(inside[theme], len(own), everywhere, len(rows))
        phrases: list[str] = []
        if language not in _UNSEGMENTED:
            best = _phrases((cut[row] for row in typical), weights, stop)[:candidates]
            phrases = _choose(_near_centre(best, centre, encode))
        text = SEPARATOR.join(_written(phrase) for phrase in phrases) or _shortest_quote(texts, typical)
        found[int(theme)].append(Label(int(theme), language, text, tuple(phrases), len(own)))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the part of an English word that its forms share (``cards`` and ``card``); others unchanged."""
    if not word.isascii() or len(word) < 3:
        return word
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def is_content(word: str, stop: frozenset[str]) -> bool:
    """Tell whether ``word`` may say what a text is about: no function word, name to hide, or long number."""
    if word in stop or word in UNFIT or word in NEGATIONS:
        return False
    return not (any(character.isdigit() for character in word) and len(word) > 3) and (
        len(word) > 1 or bool(HAN.match(word))
    )


def word_weights(inside: Counter[str], size: int, everywhere: Counter[str], total: int) -> dict[str, float]:
    """Weigh each word of a theme: log-odds against the rest, smoothed by its overall use, times root coverage.

    ``inside`` and ``everywhere`` count messages that hold the word; ``size`` and ``total`` are messages. A word used
    everywhere keeps a little weight, for a theme can be about it all the same ("card" among bank messages).
    """
    weights = {}
    for word, count in inside.items():
        if count < 2 <= size and size > 3:
            continue
        coverage = count / size
        usual = everywhere[word] / total
        here = (count + _PRIOR * usual) / (size + _PRIOR)
        rest = (everywhere[word] - count + _PRIOR * usual) / (total - size + _PRIOR)
        odds = math.log(here / (1.0001 - here)) - math.log(rest / (1.0001 - rest))
        weights[word] = (max(odds, 0.0) + 0.3) * math.sqrt(coverage)
    return weights


def _phrases(
    messages: Iterable[list[list[str]]], weights: dict[str, float], stop: frozenset[str]
) -> list[_Phrase]:
    """Return the best phrases in ``messages`` (each a list of clauses) by their words alone, best first."""
    written: Counter[tuple[str, ...]] = Counter()
    for clause_list in messages:
        written.update({span for clause in clause_list for span in _spans(clause, weights, stop)})
    found: dict[frozenset[str], _Phrase] = {}
    for span, count in sorted(written.items()):
        keys = frozenset(stem(word) for word in span if is_content(word, stop) and stem(word) in weights)
        filler = sum(word in stop for word in span)
        # Many strong words, few words in all; a word nobody else here uses ("Tuesday") is ballast.
        ballast = sum(is_content(word, stop) and stem(word) not in weights for word in span)
        score = sum(weights[key] for key in keys) / math.sqrt(1 + len(span) + 0.5 * filler + 2 * ballast)
        score *= 1 + 0.25 * math.log(count)
        if any(word in NEGATIONS and after in REASSURING for word, after in pairwise(span)):
            score *= 0.3
        elif any(word in NEGATIONS for word in span):
            score *= 1.3
        elif any(word in VERBS for word in span):
            score *= 1.15
        # A Chinese phrase on one last character is often cut off ("银行卡没收|到"); a number belongs to one case.
        if len(span) > 1 and len(span[-1]) == 1 and HAN.match(span[-1]):
            score *= 0.8
        if any(character.isdigit() for word in span for character in word):
            score *= 0.8
        if len(span) == 1:
            score *= 0.35
        elif len(keys) < 2:
            score *= 0.6
        if keys not in found or score > found[keys].score:
            found[keys] = _Phrase(_joined(span), keys, score)
    return sorted(found.values(), key=lambda phrase: (-phrase.score, phrase.text))


def _spans(clause: list[str], weights: dict[str, float], stop: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the runs of words in ``clause`` that could stand alone: they begin and end with something said."""
    spans = []
    good = [is_content(word, stop) and stem(word) in weights for word in clause]
    for start, first in enumerate(clause):
        if not (good[start] or (first in NEGATIONS and first not in COMPLEMENTS)):
            continue
        for end in range(start, min(start + _LONGEST_WORDS, len(clause))):
            last = clause[end]
            if last in UNFIT or (any(c.isdigit() for c in last) and len(last) > 3):
                break
            particle = end > start and last in PARTICLES and clause[end - 1] in PARTICLE_VERBS
            stranded = end > start and HAN.match(last) and last in NEGATIONS and len(last) > 1
            if not (good[end] or particle or stranded) or not any(good[start : end + 1]):
                continue
            if end + 1 < len(clause) and last in PARTICLE_VERBS and clause[end + 1] in PARTICLES:
                continue
            span = tuple(clause[start : end + 1])
            if sum(len(word) for word in span if HAN.search(word)) <= _LONGEST_HAN and len("".join(span)) > 1:
                spans.append(span)
    return spans


def _joined(span: tuple[str, ...]) -> str:
    """Write the words as a text: a space between Latin words, none beside Chinese ones."""
    text = span[0]
    for before, word in pairwise(span):
        text += word if HAN.search(before[-1]) or HAN.search(word[0]) else f" {word}"
    return text


def _near_centre(phrases: list[_Phrase], centre: NDArray[np.float32], encode: Encode | None) -> list[_Phrase]:
    """Re-rank ``phrases`` by how near they lie to the theme's centre; unchanged without an encoder."""
    if encode is None or not phrases:
        return phrases
    cosine = encode([phrase.text for phrase in phrases]) @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    ranked = [
        _Phrase(phrase.text, phrase.keys, phrase.score * max(float(near), 0.05) ** 2)
        for phrase, near in zip(phrases, cosine, strict=True)
    ]
    return sorted(ranked, key=lambda phrase: (-phrase.score, phrase.text))


def _choose(phrases: list[_Phrase]) -> list[str]:
    """Take the best phrase and at most one more that says something else and is nearly as good."""
    chosen: list[_Phrase] = []
    for phrase in phrases:
        if len(chosen) == _PHRASES or (chosen and phrase.score < _SECOND * chosen[0].score):
            break
        if not any(phrase.keys & other.keys or _overlap(phrase.text, other.text) for other in chosen):
            chosen.append(phrase)
    return [phrase.text for phrase in chosen]


def _overlap(one: str, two: str) -> bool:
    """Tell whether two phrases share a Chinese pair of characters: 提现失败 and 无法提现."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1) if HAN.match(text[i])} for text in (one, two)]
    return bool(pairs[0] & pairs[1])


def _written(phrase: str) -> str:
    return re.sub(r"\bi\b", "I", phrase[:1].upper() + phrase[1:])


def _shortest_quote(texts: Sequence[str], typical: Sequence[int]) -> str:
    """Return the shortest of the ten most typical texts, at most 40 characters of it: better than no label."""
    shown = sorted(
        (scrub(" ".join(texts[row].split())) for row in typical[:10]), key=lambda text: (len(text), text)
    )
    text = shown[0]
    return text if len(text) <= 40 else text[:39] + "…"


def choose_quotes(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    count: int = 3,
    people: Sequence[object] | None = None,
) -> list[int]:
    """Return the rows of the messages of one theme that show it best, the most typical first.

    Near the centre, long enough to say something and short enough to be read, no two alike, no two by the same of
    ``people``. Fewer than ``count`` when there are not so many different ones. Scrub what you show.
    """
    if not len(texts):
        return []
    centre = vectors.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    length = np.array([len(text) + len(HAN.findall(text)) for text in texts])
    readable = np.clip(length / 30, 0.5, 1) * np.clip(260 / np.maximum(length, 1), 0.5, 1)
    score = (vectors @ centre) * readable
    chosen: list[int] = []
    for row in np.argsort(-score, kind="stable"):
        if len(chosen) == count:
            break
        if people is not None and any(people[row] == people[other] for other in chosen):
            continue
        if chosen and float((vectors[chosen] @ vectors[row]).max()) > 0.9:
            continue
        chosen.append(int(row))
    return chosen
