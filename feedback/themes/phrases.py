"""Find what people wrote that could name a theme: whole short clauses, and runs of words within clauses. Pure.

A phrase is taken as people wrote it, never built from single words. It is good when its words, or the whole of it, are
used by many of the theme (coverage) and by few others (log-odds), when it begins and ends where the sentence does, and
when it says what happens: it holds a verb or a negation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import rjieba

from feedback.themes.stop_words import (
    ASKING,
    BRANDS,
    BYGONE,
    COMPLEMENTS,
    CONNECTIVES,
    DANGLING,
    FILLERS,
    FINITE,
    INVERTED,
    LEADING,
    MODIFIERS,
    NEGATIONS,
    PARTICLE_VERBS,
    PARTICLES,
    QUESTIONS,
    REASSURING,
    SUBJECTS,
    SWEARING,
    TRAILING,
    UNFIT,
    VERBS,
)
from feedback.themes.words import HAN

LONGEST_WORDS = 6
LONGEST_CLAUSE = 8
LONGEST_HAN = 12
LONGEST_CLAUSE_HAN = 14
_PRIOR = 5.0
# A word that fewer of a theme use is a slip of the pen; up to so many, a detail: "Tuesday", a shop's name. What a
# phrase is worth with one that hardly anybody uses.
_LEAST_COVERAGE = 0.015
_DETAIL_COVERAGE = 0.1
_DETAIL = 0.4
_SLIPS_FROM = 200
# Of so many messages a good name is said by more than one.
_SAID_AGAIN_FROM = 8
_SAID_ONCE = 0.6
# How much length counts against a phrase: at 0.5 five middling words would beat the two that matter.
_BREVITY = 0.65
# What forms of an English word differ by, and how many letters must be left.
_ENDINGS = (("ingly", 5), ("ings", 4), ("ing", 4), ("ied", 3), ("ies", 3), ("ed", 4), ("es", 4), ("s", 2))
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_VERBAL = re.compile(r"[a-z]{2,}(?:ing|ed|n't)$")
# Without the word before it a phrase would say something else.
_LEANING = NEGATIONS | MODIFIERS | QUESTIONS

# What a verb leaves behind when it is cut off: "log in", "log back in", "log into the app".
_SECOND_HALVES = PARTICLES | {"back", "into", "onto"}

Clause = Sequence[str]
NO_DETAILS: Mapping[str, float] = {}


@dataclass(frozen=True)
class Phrase:
    """Words that could name a theme. ``keys`` are the stems of those that say something, ``score`` how well they do."""

    text: str
    keys: frozenset[str]
    score: float


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the part of an English word that its forms share (``cards`` and ``card``); others unchanged."""
    if not word.isascii() or len(word) < 3:
        return word
    word = _STRETCHED.sub(r"\1", word)
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    word = word.rstrip("e") if len(word) > 4 else word
    return f"{word[:-1]}s" if len(word) > 5 and word.endswith("iz") else word


@lru_cache(maxsize=100_000)
def is_content(word: str, stop: frozenset[str]) -> bool:
    """Tell whether ``word`` may say what a text is about: no function word, name to hide, or long number."""
    if word in stop or word in UNFIT or word in NEGATIONS or word in FILLERS:
        return False
    if word.isascii() and _STRETCHED.search(word) and _STRETCHED.sub(r"\1", word) in stop | FILLERS:
        return False
    return not (any(character.isdigit() for character in word) and len(word) > 3) and (
        len(word) > 1 or bool(HAN.match(word))
    )


def keys_of(words: Iterable[str], stop: frozenset[str]) -> set[str]:
    """Return the stems of the words that say what a text is about."""
    return {stem(word) for word in words if is_content(word, stop)}


def weigh(
    inside: Mapping[str, float], size: int, everywhere: Mapping[str, float], total: int
) -> dict[str, float]:
    """Weigh each word, or whole clause, of a theme: log-odds against the rest, times root coverage.

    ``inside`` and ``everywhere`` count messages that hold it; ``size`` and ``total`` are messages. The odds are
    smoothed by its overall use. What is used everywhere keeps a little weight, for a theme can be about it all the same
    ("card" among bank messages).
    """
    weights = {}
    least = max(2, _LEAST_COVERAGE * size)
    if size <= 3:
        least = min(least, max(inside.values(), default=0))
    for word, count in inside.items():
        if count < least:
            continue
        coverage = count / size
        usual = everywhere[word] / total
        here = (count + _PRIOR * usual) / (size + _PRIOR)
        rest = (everywhere[word] - count + _PRIOR * usual) / (total - size + _PRIOR)
        odds = math.log(here / (1.0001 - here)) - math.log(rest / (1.0001 - rest))
        weights[word] = (max(odds, 0.0) + 0.3) * math.sqrt(coverage)
    return weights


def details(
    inside: Mapping[str, float], size: int, everywhere: Mapping[str, float], total: int
) -> dict[str, float]:
    """Return {stem: factor}: the words that few of a theme use, and what a phrase that holds one is worth, 0.4..1.

    Counts are as in ``weigh``. A word that one message of very many holds counts as a slip of the pen, however small
    the theme.
    """
    many = _DETAIL_COVERAGE * size
    found = {word: _DETAIL + (1 - _DETAIL) * count / many for word, count in inside.items() if count < many}
    if total >= _SLIPS_FROM:
        found |= {word: _DETAIL for word in inside if everywhere[word] < 2}
    return found


def pieces(clauses: Iterable[list[str]]) -> list[Clause]:
    """Cut clauses further at "but", "because", 但是, and take greetings and pleading off both ends."""
    found = []
    for clause in clauses:
        start = 0
        for place, word in enumerate([*clause, ""]):
            if word and word not in CONNECTIVES:
                continue
            if word in QUESTIONS and clause[place + 1 : place + 2] and clause[place + 1] in ASKING:
                continue
            piece = _bare(clause[start:place])
            if piece:
                found.append(piece)
            start = place + 1
    return found


def _bare(clause: list[str]) -> Clause:
    first, last = 0, len(clause)
    while first < last and (
        clause[first] in FILLERS or clause[first].isdigit() or _is_thanked(clause, first)
    ):
        first += 1
    while last > first and (clause[last - 1] in FILLERS or clause[last - 1] in TRAILING):
        last -= 1
    return tuple(clause[first:last])


def _is_thanked(clause: list[str], place: int) -> bool:
    return clause[place] == "you" and place > 0 and clause[place - 1] in ("thank", "thanks")


def is_whole(clause: Clause) -> bool:
    """Tell whether ``clause`` could be a label as it stands: short, and nothing in it that must not be shown."""
    if not clause or len(clause) > LONGEST_CLAUSE or len("".join(clause)) < 2 or clause[-1] in DANGLING:
        return False
    if sum(map(_han_length, clause)) > LONGEST_CLAUSE_HAN:
        return False
    return not any(word in SWEARING or _is_odd(word) for word in clause)


def phrases(
    messages: Iterable[Sequence[Clause]],
    words: dict[str, float],
    wholes: dict[str, float],
    stop: frozenset[str],
    *,
    most: int,
    details: Mapping[str, float] = NO_DETAILS,
) -> list[Phrase]:
    """Return the best ``most`` phrases in ``messages`` (each its ``pieces``) by their words alone, best first.

    ``words`` are the weights of stems, ``wholes`` those of whole clauses, joined (``weigh``), ``details`` what a
    phrase is worth with a stem that few use.
    """
    messages = list(messages)
    written: Counter[tuple[Clause, float]] = Counter()
    for clause_list in messages:
        written.update({found for clause in clause_list for found in _runs(clause, words, stop)})
    best: dict[frozenset[str], Phrase] = {}
    for (run, natural), count in sorted(written.items()):
        said_of = keys_of(run, stop)
        keys = frozenset(key for key in said_of if key in words)
        whole = wholes.get(joined(run), 0.0) if natural >= _WHOLE else 0.0
        if not keys and not whole:
            continue
        score = _lexical(run, keys, words, whole, stop, is_clause=natural >= _WHOLE)
        score *= (1 + 0.25 * math.log(count)) * natural * _form(run, keys)
        # What is denied is no detail, however few deny it in this word: "I don't recognise this payment".
        denied = {stem(after) for word, after in pairwise(run) if word in NEGATIONS}
        score *= math.prod(details[key] for key in sorted((said_of & details.keys()) - denied))
        same = keys or frozenset([joined(run)])
        if same not in best or score > best[same].score:
            best[same] = Phrase(joined(run), same, score)
    ranked = sorted(best.values(), key=_by_score)[: 3 * most]
    said = [[keys_of(clause, stop) for clause in clause_list] for clause_list in messages]
    holders: dict[str, set[int]] = defaultdict(set)
    for number, clauses in enumerate(said):
        for key in set[str]().union(*clauses):
            holders[key].add(number)
    weighed = [
        replace(phrase, score=phrase.score * _support(phrase, said, holders) * _predicate(phrase.text))
        for phrase in ranked
    ]
    return sorted(weighed, key=_by_score)[:most]


def _by_score(phrase: Phrase) -> tuple[float, str]:
    return -phrase.score, phrase.text


def _support(phrase: Phrase, said: Sequence[list[set[str]]], holders: Mapping[str, set[int]]) -> float:
    """Return 1 for a phrase of one message (of many less), more for one whose words others put into one clause as well.

    ``said`` are the words of each message's clauses, ``holders`` the messages that hold each word.
    """
    holding = set.intersection(*(holders.get(key, set()) for key in phrase.keys))
    count = sum(any(phrase.keys <= clause for clause in said[number]) for number in holding)
    if count < 2 and len(said) >= _SAID_AGAIN_FROM:
        return _SAID_ONCE
    return 1 + 0.4 * math.log(max(count, 1))


# How natural the ends of a phrase are: a whole clause, cut at function words, cut through.
_WHOLE, _AT_WORDS, _CUT = 1.3, 1.0, 0.75


def _runs(clause: Clause, words: dict[str, float], stop: frozenset[str]) -> list[tuple[Clause, float]]:
    """Return the runs of words in ``clause`` that could stand alone, and how natural each one's ends are."""
    found: list[tuple[Clause, float]] = [(clause, _WHOLE)] if is_whole(clause) else []
    last = len(clause) - 1
    good = [is_content(word, stop) and stem(word) in words for word in clause]
    held = [_may_hold(word) for word in clause]
    han = [_han_length(word) for word in clause]
    for start, first in enumerate(clause):
        # Without the "not" before it a phrase says the opposite; after 的 stands what the clause is about.
        if start and clause[start - 1] in _LEANING:
            continue
        if not (good[start] or (first in NEGATIONS and first not in COMPLEMENTS)):
            continue
        begins = start == 0 or (not HAN.match(first) and clause[start - 1] in stop)
        length, is_good = 0, False
        for end in range(start, min(start + LONGEST_WORDS, len(clause))):
            length += han[end]
            if not held[end] or length > LONGEST_HAN:
                break
            is_good = is_good or good[end]
            if not is_good or (start, end) == (0, last):
                continue
            if not _may_end(clause, end, is_good=good[end], is_first=end == start):
                continue
            run = clause[start : end + 1]
            if (end < last and not SUBJECTS.isdisjoint(run[1:])) or not INVERTED.isdisjoint(run[1:]):
                continue
            ends = (
                end == last
                or (not HAN.match(clause[end]) and clause[end + 1] in stop)
                or clause[end + 1] in TRAILING
            )
            natural = (_AT_WORDS if begins else _CUT) * (_AT_WORDS if ends else _CUT)
            if len("".join(run)) > 1:
                found.append((run, natural))
    return found


def _may_hold(word: str) -> bool:
    return word not in UNFIT and not _is_odd(word)


@lru_cache(maxsize=100_000)
def _is_odd(word: str) -> bool:
    """Tell whether ``word`` is a long number or stretched: soooo."""
    return bool(_STRETCHED.search(word)) or (len(word) > 3 and any(map(str.isdigit, word)))


@lru_cache(maxsize=100_000)
def _han_length(word: str) -> int:
    """Return how long a Chinese word is, 0 for another."""
    return len(word) if HAN.search(word) else 0


def _may_end(clause: Clause, end: int, *, is_good: bool, is_first: bool) -> bool:
    """Tell whether a phrase may end with word ``end``: something said, and its second half not left behind."""
    last, after = clause[end], clause[end + 1] if end + 1 < len(clause) else ""
    particle = not is_first and last in PARTICLES and clause[end - 1] in PARTICLE_VERBS
    stranded = not is_first and HAN.match(last) and last in NEGATIONS and len(last) > 1
    if not (is_good or particle or stranded):
        return False
    if last in PARTICLE_VERBS and after in _SECOND_HALVES:
        return False
    return (
        after not in MODIFIERS and after not in COMPLEMENTS and not (after in NEGATIONS and HAN.match(last))
    )


def _lexical(
    run: Clause,
    keys: frozenset[str],
    words: dict[str, float],
    whole: float,
    stop: frozenset[str],
    *,
    is_clause: bool,
) -> float:
    """Many strong words, few words in all; a word that nobody else here uses ("Tuesday") is ballast."""
    filler = sum(word in stop for word in run)
    ballast = sum(is_content(word, stop) and stem(word) not in words for word in run)
    length = len(run) + (0.25 if is_clause else 0.5) * filler + (1 if is_clause else 2) * ballast
    # In one order: the last digit of a sum in another may make another phrase the best.
    return (sum(words[key] for key in sorted(keys)) + whole) / (1 + length) ** _BREVITY


def _form(run: Clause, keys: frozenset[str]) -> float:
    factor = 1.0
    if any(word in NEGATIONS and after in REASSURING for word, after in pairwise(run)):
        factor *= 0.5
    # A Chinese phrase on one last character is often cut off ("银行卡没收|到"); a number belongs to one case.
    if len(run) > 1 and len(run[-1]) == 1 and HAN.match(run[-1]):
        factor *= 0.85
    if any(character.isdigit() for word in run for character in word):
        factor *= 0.6
    if any(word in FILLERS for word in run):
        factor *= 0.7
    if any(word in BRANDS for word in run):
        factor *= 0.6
    if any(word in QUESTIONS for word in run):
        factor *= 0.7
    if not BYGONE.isdisjoint(run) or any(pair == ("used", "to") for pair in pairwise(run)):
        factor *= 0.5
    if run[0] in LEADING:
        factor *= 0.5
    if len(run) == 1:
        factor *= 0.3
    elif len(keys) < 2:
        factor *= 0.75 if keys else 0.3
    return factor


def says_what_happens(text: str) -> bool:
    """Tell whether ``text`` says that something happens, or how it is, and is no mere name."""
    return _predicate(text) > 1


def _predicate(text: str) -> float:
    """Prefer what says that something happens, or how it is, to a mere name."""
    if HAN.search(text):
        tags = rjieba.tag(text)
        if any(word in NEGATIONS for word, _tag in tags):
            return 1.2
        # A lone noun and a verb are often a title ("视频下载"); an adjective always says how something is.
        return 1.15 if any(tag[:1] in ("v", "a", "z", "i", "l") for _word, tag in tags) else 0.7
    run = text.split()
    if any(word in NEGATIONS for word in run):
        return 1.2
    is_said = any(word in VERBS or word in FINITE or _VERBAL.match(word) for word in run)
    return 1.2 if is_said else 0.7


def joined(run: Clause) -> str:
    """Write the words as a text: a space between Latin words, none beside Chinese ones."""
    text = run[0]
    for before, word in pairwise(run):
        text += word if HAN.search(before[-1]) or HAN.search(word[0]) else f" {word}"
    return text
