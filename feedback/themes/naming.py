"""Name a theme with phrases from its own messages, in each of their languages.

Pure: numpy only; neither Django nor the database.

``phrases`` finds candidate names by their words; here the vectors decide: a name lies near the theme's centre, and
nearer to it than to any other. No two themes get the same name. A theme without a suitable phrase gets a short quote.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from config.kit.languages import base_of
from feedback.themes.beside import shared
from feedback.themes.centres import Vectors, sums_by
from feedback.themes.labels import SEPARATOR, Label
from feedback.themes.phrases import (
    Clause,
    Phrase,
    asides,
    details,
    is_whole,
    joined,
    keys_of,
    phrases,
    pieces,
    says_what_happens,
    weigh,
)
from feedback.themes.scrub import scrub
from feedback.themes.stop_words import CONDITIONS, ENGLISH, VERBS, stop_words
from feedback.themes.words import HAN, clauses, words

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

# How many messages are read and how many phrases weighed per theme; fewer each when there are hundreds of themes, so
# that naming a hundred thousand messages takes seconds.
_READ, _READ_IN_ALL, _READ_LEAST = 120, 15_000, 40
# How common a word is, is counted over this many messages in all, and at least this many of each theme.
_COUNTED_IN_ALL, _COUNTED_LEAST = 20_000, 100
_CANDIDATES, _CANDIDATES_IN_ALL, _CANDIDATES_LEAST = 60, 6_000, 12
_SECOND = 0.8
# Two phrases of a label must be about the same thing: readers understand neither of two unrelated ones.
_RELATED = 0.4
# A phrase that lies nearer to another theme's centre is a better name for that one.
_ELSEWHERE = 0.6
# A phrase whose cosine with its theme's centre is below this share of the best phrase's is a detail.
_NEAR = 0.75
_CENTRAL = 3
_MERE_HAN = 2
# A phrase that scores at least this share of a better mere word is preferred to it.
_TELLING = 0.4
_LONGEST_QUOTE = 40
# The addressee and the links of a message say nothing about its subject. Matched in the original text, which is also
# what is shown: Chinese after a link stays, a name is matched whole in any script, and no mail address is cut in two.
_ADDRESSED = re.compile(r"https?://[^\s\u3400-\u9fff]+|(?<!\w)@[\w.\-]+")
_MANY = 30
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
# The beginning of a sentence, where a capital letter means nothing.
_BEGINS = re.compile(r"(?:^|[.!?\n…:])[\W_]*$")
_SHOUTED = re.compile(r"[A-Z]{2} [A-Z]{2}")
# iPad keeps its small letter.
_MIXED = re.compile(r"[a-z]+[A-Z]")
# Written without spaces, and we have no segmenter for them: their labels are short quotes.
_UNSEGMENTED = frozenset({"ja", "th"})


def label_themes(
    texts: Sequence[str],
    vectors: Vectors,
    themes: NDArray[np.int64],
    languages: Sequence[str],
    *,
    encode: Encode | None = None,
) -> dict[int, list[Label]]:
    """Return the labels of each theme (-1 left out), the language with the most messages first.

    ``vectors`` (n, d) of unit length, ``themes`` (n,), ``languages`` codes per message (``zh-Hans`` counts as ``zh``,
    "" as ``en``). A theme is named in the languages that at least a tenth of its messages use. ``encode`` turns phrases
    into vectors like ``vectors``: with it, phrases near the theme's centre win. Every theme gets at least one label.
    """
    spoken = np.array([base_of(language) or "en" for language in languages])
    # One centre for all languages: the few English messages in a Chinese theme are named by what they share with it.
    centres = sums_by(themes, vectors, int(themes.max(initial=-1)) + 1)
    heard = [
        _hear(language, np.flatnonzero((spoken == language) & (themes >= 0)), texts, vectors, themes, centres)
        for language in np.unique(spoken[themes >= 0]).tolist()
    ]
    heard.sort(key=lambda one: (-one.messages, one.language))
    counted = sum(len(own) for one in heard for own in one.counted.values())
    candidates = shared(_candidates, heard, of=counted)
    found: dict[int, list[Label]] = defaultdict(list)
    for one, phrases_ in zip(heard, candidates, strict=True):
        vectors_of = _encoded(phrases_, encode) if encode is not None else {}
        near = _near_centre(phrases_, centres, vectors_of)
        taken: set[frozenset[str]] = set()
        for theme, size in one.sizes.items():
            typical = one.typical[theme]
            chosen = _choose(_telling_first(near[theme], typical), taken, vectors_of)
            text = text_of(chosen, typical)
            found[theme].append(Label(theme, one.language, text, tuple(chosen), size))
    total = np.bincount(themes[themes >= 0]) if (themes >= 0).any() else np.zeros(0, np.int64)
    return {
        theme: sorted(
            _heard(labels, int(total[theme])),
            key=lambda label: (-label.messages, label.language),
        )
        for theme, labels in sorted(found.items())
    }


def _heard(labels: list[Label], total: int) -> list[Label]:
    """Return the labels to keep for a theme of ``total`` messages, at least one.

    Kept are languages with a tenth of the messages and with phrases; a label that is only a quote is a fallback.
    """
    most = max(label.messages for label in labels)
    heard = [
        label
        for label in labels
        if label.messages >= total / 10 and (label.phrases or label.messages == most)
    ]
    named = [label for label in heard if label.phrases]
    return named or heard


@dataclass(frozen=True)
class _Heard:
    """The messages of one language by theme: ``sizes``, largest first, the most typical texts, and those to count.

    Small enough to be sent to another process. ``messages`` is the sum of ``sizes``.
    """

    language: str
    messages: int
    sizes: dict[int, int]
    typical: dict[int, list[str]]
    counted: dict[int, list[str]]


def _hear(
    language: str,
    rows: NDArray[np.int64],
    texts: Sequence[str],
    vectors: Vectors,
    themes: NDArray[np.int64],
    centres: NDArray[np.float32],
) -> _Heard:
    """Choose which of ``rows`` to read; they are all in one language, and each is in a theme."""
    numbers, sizes = np.unique(themes[rows], return_counts=True)
    by_theme = np.split(rows[np.argsort(themes[rows], kind="stable")], np.cumsum(sizes)[:-1])
    members = {int(number): own for number, own in zip(numbers, by_theme, strict=True)}
    order = sorted(members, key=lambda theme: (-len(members[theme]), theme))
    read = int(np.clip(_READ_IN_ALL // len(members), _READ_LEAST, _READ))
    typical = {theme: _typical(members[theme], vectors, centres[theme], read) for theme in order}
    counted = {
        theme: _evenly(
            members[theme], max(_COUNTED_LEAST, _COUNTED_IN_ALL * len(members[theme]) // len(rows))
        )
        for theme in order
    }
    return _Heard(
        language,
        len(rows),
        {theme: len(members[theme]) for theme in order},
        {theme: [_said(texts[row]) for row in own] for theme, own in typical.items()},
        {theme: [_said(texts[row]) for row in own] for theme, own in counted.items()},
    )


def _said(text: str) -> str:
    """Return ``text`` without the names it is addressed to and without links, unless nothing else would be left."""
    return _ADDRESSED.sub(" ", text).strip() or text


def _candidates(heard: _Heard) -> dict[int, list[Phrase]]:
    """Return the candidate names of each theme, judged by their words alone, best first."""
    if heard.language in _UNSEGMENTED:
        return {theme: [] for theme in heard.sizes}
    stop = stop_words(heard.language)
    most = int(np.clip(_CANDIDATES_IN_ALL // len(heard.sizes), _CANDIDATES_LEAST, _CANDIDATES))
    words, wholes = _Usage(), _Usage()
    cut: dict[str, list[Clause]] = {}
    for theme, counted in heard.counted.items():
        for text in {*counted, *heard.typical[theme]} - cut.keys():
            cut[text] = pieces(clauses(text))
        each = heard.sizes[theme] / len(counted)
        for text in counted:
            words.count(theme, {key for clause in cut[text] for key in keys_of(clause, stop)}, each)
            wholes.count(theme, {joined(clause) for clause in cut[text] if is_whole(clause)}, each)
    return {
        theme: phrases(
            (cut[text] for text in heard.typical[theme]),
            weigh(words.inside[theme], size, words.everywhere, heard.messages),
            weigh(wholes.inside[theme], size, wholes.everywhere, heard.messages),
            stop,
            most=most,
            details=details(words.inside[theme], size, words.everywhere, heard.messages),
            asides=_asides(heard.typical[theme]),
        )
        for theme, size in heard.sizes.items()
    }


def _asides(texts: Sequence[str]) -> set[Clause]:
    """Return the pieces of ``texts`` that say when; only texts with a word such as "when" are cut again."""
    telling = (text for text in texts if any(word in text.lower() for word in CONDITIONS))
    return set[Clause]().union(*(asides(clauses(text)) for text in telling))


class _Usage:
    """How many messages contain a word or a clause, in each theme and overall."""

    def __init__(self) -> None:
        self.everywhere: dict[str, float] = defaultdict(float)
        self.inside: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def count(self, theme: int, held: set[str], messages: float) -> None:
        inside = self.inside[theme]
        for one in held:
            inside[one] += messages
            self.everywhere[one] += messages


def _evenly(rows: NDArray[np.int64], most: int) -> list[int]:
    """Return at most ``most`` of ``rows``, evenly spaced, all when they fit."""
    if len(rows) <= most:
        return rows.tolist()
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)].tolist()


def _typical(
    members: NDArray[np.int64],
    vectors: Vectors,
    centre: NDArray[np.float32],
    count: int,
) -> list[int]:
    nearest = np.argsort(-(vectors[members] @ centre), kind="stable")[:count]
    return members[nearest].tolist()


def _encoded(candidates: dict[int, list[Phrase]], encode: Encode) -> dict[str, NDArray[np.float32]]:
    texts = sorted({phrase.text for listed in candidates.values() for phrase in listed})
    return dict(zip(texts, encode(texts), strict=True)) if texts else {}


def _near_centre(
    candidates: dict[int, list[Phrase]],
    centres: NDArray[np.float32],
    vectors_of: Mapping[str, NDArray[np.float32]],
) -> dict[int, list[Phrase]]:
    """Rank each theme's phrases again by how near they lie to its centre rather than to another theme's."""
    if not vectors_of:
        return candidates
    unit = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    cosine = dict(zip(vectors_of, np.stack([*vectors_of.values()]) @ unit.T, strict=True))
    ranked = {}
    for theme, listed in candidates.items():
        best = max((float(cosine[phrase.text][theme]) for phrase in listed), default=0.0)
        near = [
            replace(phrase, score=phrase.score * _closeness(cosine[phrase.text], theme, best))
            for phrase in listed
        ]
        ranked[theme] = sorted(near, key=lambda phrase: (-phrase.score, phrase.text))
    return ranked


def _closeness(cosines: NDArray[np.float32], theme: int, best: float) -> float:
    """Return the value to ``theme`` of a phrase with these ``cosines`` to all centres, 0..1."""
    own = float(cosines[theme])
    factor = max(own, 0.05) ** _CENTRAL
    if own < float(cosines.max()) - 0.02:
        factor *= _ELSEWHERE
    return factor if own >= _NEAR * best else factor * 0.5


def _telling_first(listed: list[Phrase], typical: Sequence[str]) -> list[Phrase]:
    """Return ``listed`` without mere words if one comes first and some other phrase is nearly as good."""
    if not listed or not _names_nothing(listed[0].text, typical):
        return listed
    least = _TELLING * listed[0].score
    telling = [
        phrase for phrase in listed if phrase.score >= least and not _names_nothing(phrase.text, typical)
    ]
    return telling or listed


def _choose(
    listed: list[Phrase], taken: set[frozenset[str]], vectors_of: Mapping[str, NDArray[np.float32]]
) -> list[str]:
    """Return the best phrase not yet taken by another theme, and at most one more that adds something to it."""
    chosen: list[Phrase] = []
    for phrase in listed:
        if chosen and phrase.score < _SECOND * chosen[0].score:
            break
        if phrase.keys in taken:
            continue
        if all(_goes_with(phrase, other, vectors_of) for other in chosen):
            chosen.append(phrase)
            taken.add(phrase.keys)
        if len(chosen) == 2:
            break
    return [phrase.text for phrase in chosen]


def _goes_with(phrase: Phrase, other: Phrase, vectors_of: Mapping[str, NDArray[np.float32]]) -> bool:
    if phrase.keys & other.keys or _overlap(phrase.text, other.text):
        return False
    return not vectors_of or float(vectors_of[phrase.text] @ vectors_of[other.text]) >= _RELATED


def _overlap(one: str, two: str) -> bool:
    """Return whether two phrases share a pair of adjacent Chinese characters: 提现失败 and 无法提现."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1) if HAN.match(text[i])} for text in (one, two)]
    return bool(pairs[0] & pairs[1])


def _written(phrase: str, typical: Sequence[str]) -> str:
    """Return ``phrase`` as a heading, its words spelled as in most of the ``typical`` messages: ATM, GPS, China."""
    # A Latin word among Chinese ones is a name and not shouted; among few messages hardly two contain the same word.
    least = 1 if HAN.search(phrase) or len(typical) < _MANY else 2
    spelled = _LATIN.sub(lambda word: _spelling(word.group(), typical, least=least), phrase)
    return (
        spelled if not spelled[:1].islower() or _MIXED.match(spelled) else spelled[:1].upper() + spelled[1:]
    )


def _spelling(word: str, typical: Sequence[str], *, least: int) -> str:
    """Return ``word`` as most texts write it within a sentence; occurrences among shouted words do not count.

    In capitals only when it occurs so at least ``least`` times.
    """
    if word == "i" or word.startswith("i'"):
        return f"I{word[1:]}"
    pattern = re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])", re.IGNORECASE)
    forms: Counter[str] = Counter()
    for text in typical:
        for found in pattern.finditer(text):
            if found.group().isupper() and _SHOUTED.search(text[max(found.start() - 4, 0) : found.end() + 4]):
                continue
            begins = _BEGINS.search(text[: found.start()]) and found.group().istitle()
            forms[word if begins else found.group()] += 1
    form, count = max(forms.items(), key=lambda one: (one[1], one[0]), default=(word, 0))
    is_shouted = form.isupper() and (count < least or (len(word) > 2 and word in ENGLISH))
    return form if 2 * count > forms.total() and not is_shouted else word


def text_of(chosen: Sequence[str], typical: Sequence[str]) -> str:
    """Return the label made of ``chosen``; a short quote when there is none, or only a mere word: "Hoping", 功能."""
    text = SEPARATOR.join(_written(phrase, typical) for phrase in chosen)
    if not chosen:
        return _short_quote(typical)
    if len(chosen) > 1 or not _names_nothing(chosen[0], typical):
        return text
    holding = [one for one in typical if chosen[0] in " ".join(one.lower().split())]
    return _fitting(holding) or text


def _names_nothing(phrase: str, typical: Sequence[str]) -> bool:
    return _is_mere_word(phrase) and not _is_whole_message(phrase, typical)


def _is_mere_word(phrase: str) -> bool:
    """Return whether ``phrase`` is a single word, perhaps with a number, that does not say by itself what happens.

    "crashes" and 闪退 do.
    """
    if HAN.search(phrase):
        return len(phrase) <= _MERE_HAN and not says_what_happens(phrase)
    told = [word for word in phrase.split(" ") if not word.isdigit()]
    return len(told) < 2 and VERBS.isdisjoint(told)


def _is_whole_message(phrase: str, typical: Sequence[str]) -> bool:
    """Return whether more than one, and more than a tenth, of the ``typical`` messages say only ``phrase``."""
    own = words(phrase)
    return sum(words(text) == own for text in typical) > max(1, len(typical) / 10)


def _short_quote(typical: Sequence[str]) -> str:
    """Return the most typical of ten texts that is short enough, else the beginning of the shortest."""
    fitting = _fitting(typical)
    if fitting:
        return fitting
    text = min(_shown(typical), key=lambda text: (len(text), text))
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"


def _shown(typical: Sequence[str]) -> Iterator[str]:
    """Yield the ten most typical texts as they may be shown."""
    return (scrub(" ".join(text.split())) for text in typical[:10])


def _fitting(typical: Sequence[str]) -> str:
    """Return the most typical of ten texts that is short enough to stand for all; "" when none is."""
    return next((text for text in _shown(typical) if 4 <= len(text) <= _LONGEST_QUOTE), "")
