"""Find phrases in messages that could name a theme: whole short clauses, and runs of words within clauses. Pure.

A phrase is taken as people wrote it, never built from single words. It is good when its words, or all of it, are used
by many messages of the theme (coverage) and by few others (log-odds), when it begins and ends where the sentence does,
and when it says what happens, that is, contains a verb or a negation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import rjieba

from feedback.themes.stop_words import (
    AMOUNTS,
    ASKING,
    BRANDS,
    BYGONE,
    CHINESE,
    COMPLEMENTS,
    CONDITIONS,
    CONNECTIVES,
    DANGLING,
    DANGLING_CHINESE,
    DETERMINERS,
    ENGLISH,
    FILLERS,
    FINITE,
    IN_VAIN,
    INVERTED,
    LEADING,
    LEADING_CHINESE,
    MODIFIERS,
    NEGATIONS,
    OWNING,
    PARTICLE_VERBS,
    PARTICLES,
    QUESTIONS,
    REASSURING,
    REMEDIES,
    REMEDIES_CHINESE,
    SUBJECTS,
    SWEARING,
    TRAILING,
    UNFIT,
    VERBS,
    VERSIONS,
)
from feedback.themes.words import HAN

LONGEST_WORDS = 6
LONGEST_CLAUSE = 8
LONGEST_HAN = 12
LONGEST_CLAUSE_HAN = 14
_PRIOR = 5.0
# A word used by a smaller share of a theme is a slip of the pen; below ``_DETAIL_COVERAGE`` it is a detail: "Tuesday",
# a shop's name. ``_DETAIL`` is the factor for a phrase with a word that hardly any message uses.
_LEAST_COVERAGE = 0.015
_DETAIL_COVERAGE = 0.1
_DETAIL = 0.4
_SLIPS_FROM = 200
# Among this many messages or more, a good name is said by more than one.
_SAID_AGAIN_FROM = 8
_SAID_ONCE = 0.6
# With fewer pieces than this, a clause that no other message repeats still counts, with this weight.
_MANY = 40
_SAID_ALONE = 0.3
# The factor for a phrase from a clause of time or condition.
_ASIDE = 0.5
# How strongly length counts against a phrase: at 0.5 five middling words would beat the two that matter.
_BREVITY = 0.65
# Endings that distinguish forms of an English word, and how many letters must remain.
_ENDINGS = (("ingly", 5), ("ings", 4), ("ing", 4), ("ied", 3), ("ies", 3), ("ed", 4), ("es", 4), ("s", 2))
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_VERBAL = re.compile(r"[a-z]{2,}(?:ing|ed|n't)$")
# After one of these words a phrase must not begin: without that word it would say something else.
_LEANING = NEGATIONS | MODIFIERS | QUESTIONS

_STOP = ENGLISH | CHINESE

# The second half of a verb, which must not be cut off: "log in", "log back in", "log into the app".
_SECOND_HALVES = PARTICLES | {"back", "into", "onto"}

Clause = Sequence[str]
NO_DETAILS: Mapping[str, float] = {}
NO_ASIDES: Set[Clause] = frozenset()


@dataclass(frozen=True)
class Phrase:
    """Words that could name a theme; ``keys`` are the stems of the content words, ``score`` says how good it is."""

    text: str
    keys: frozenset[str]
    score: float


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the part that the forms of an English word share (``cards`` and ``card``); other words unchanged."""
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
    """Return whether ``word`` may say what a text is about: no function word, name to hide, or long number."""
    if word in stop or word in UNFIT or word in NEGATIONS or word in FILLERS:
        return False
    if word.isascii() and _STRETCHED.search(word) and _STRETCHED.sub(r"\1", word) in stop | FILLERS:
        return False
    return not (any(character.isdigit() for character in word) and len(word) > 3) and (
        len(word) > 1 or bool(HAN.match(word))
    )


_VERSIONS = frozenset(map(stem, VERSIONS))


def keys_of(words: Iterable[str], stop: frozenset[str]) -> set[str]:
    """Return the stems of the ``words`` that say what a text is about."""
    return {stem(word) for word in words if is_content(word, stop)}


def weigh(
    inside: Mapping[str, float], size: int, everywhere: Mapping[str, float], total: int
) -> dict[str, float]:
    """Weigh each word, or whole clause, of a theme: log-odds against the rest, times root coverage.

    ``inside`` and ``everywhere`` count the messages that contain it, in the theme and overall; ``size`` and ``total``
    count all messages. The odds are smoothed by its overall use. A word used everywhere keeps a little weight, because
    a theme can still be about it ("card" among bank messages).
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
    """Return {stem: factor} for the words that few messages of a theme use: the factor for phrases with one, 0.4..1.

    Counts are as in ``weigh``. A word in only one of very many messages counts as a slip of the pen, however small the
    theme.
    """
    many = _DETAIL_COVERAGE * size
    found = {word: _DETAIL + (1 - _DETAIL) * count / many for word, count in inside.items() if count < many}
    if total >= _SLIPS_FROM:
        found |= {word: _DETAIL for word in inside if everywhere[word] < 2}
    return found


def pieces(clauses: Iterable[list[str]]) -> list[Clause]:
    """Cut clauses further at "but", "because", 但是, and strip greetings and pleading from both ends."""
    return [piece for _before, piece in _pieces(clauses)]


def asides(clauses: Iterable[list[str]]) -> set[Clause]:
    """Return those of the ``pieces`` that say when or under which condition: "it crashes | when I scroll".

    Empty when the other pieces say nothing: "what can I do | if my card was stolen".
    """
    clauses = list(clauses)
    if all(map(CONDITIONS.isdisjoint, clauses)):
        return set()
    found = list(_pieces(clauses))
    main = [piece for before, piece in found if before not in CONDITIONS]
    if not any(is_content(word, _STOP) for piece in main for word in piece):
        return set()
    return {piece for before, piece in found if before in CONDITIONS}


def _pieces(clauses: Iterable[list[str]]) -> Iterator[tuple[str, Clause]]:
    """Yield each piece and the connective before it, "" for none."""
    for clause in clauses:
        start, before = 0, ""
        for place, word in enumerate([*clause, ""]):
            if word and not _is_cut_at(clause, start, place):
                continue
            piece = _bare(clause[start:place])
            if piece:
                yield before, piece
            start, before = place + 1, word


def _is_cut_at(clause: Sequence[str], start: int, place: int) -> bool:
    word = clause[place]
    if word not in CONNECTIVES:
        return False
    if word in ("and", "or"):
        # "The menus and the lens are fine" is one clause: the part before "and" says nothing yet.
        after = clause[place + 1 :]
        goes_on = bool(after) and _is_verb(after[0]) and after[0] not in NEGATIONS
        if goes_on and place > start and place - start + len(after) < LONGEST_CLAUSE:
            # "It gets to 99% and stops": the subject of "stops" is before "and".
            return False
        return any(map(_is_verb, clause[start:place])) or not any(map(_is_verb, after))
    if word == "结果" and place == start + 1:
        # 搜索结果 means "search results".
        return False
    return not (word in QUESTIONS and clause[place + 1 : place + 2] and clause[place + 1] in ASKING)


@lru_cache(maxsize=100_000)
def _is_verb(word: str) -> bool:
    return word in VERBS or word in FINITE or word in NEGATIONS or bool(_VERBAL.match(word))


def _bare(clause: list[str]) -> Clause:
    first, last = 0, len(clause)
    while first < last and (
        clause[first] in FILLERS
        or _is_numbered(clause, first)
        or _is_thanked(clause, first)
        or _is_wished(clause, first)
    ):
        first += 1
    while (
        last > first
        and (clause[last - 1] in FILLERS or clause[last - 1] in TRAILING)
        and not _is_needed(clause, last - 1)
    ):
        last -= 1
    return tuple(clause[first:last])


def _is_wished(clause: Sequence[str], place: int) -> bool:
    """Return whether the word at ``place`` continues a wish: 希望|可以|自己做表盘, where 可以 is no statement."""
    return place > 0 and clause[place - 1] == "希望" and clause[place] in ("可以", "能", "能够", "能有", "有")


def _is_numbered(clause: Sequence[str], place: int) -> bool:
    """Return whether the word at ``place`` is a number that does not belong to a Chinese word after it, as in 5星."""
    return clause[place].isdigit() and not any(map(HAN.match, clause[place + 1 : place + 2]))


def _is_needed(clause: Sequence[str], place: int) -> bool:
    """Return whether a Chinese ending completes the words before it: 汤是凉|的, 饭都凉|了."""
    if clause[place] == "的":
        return any(word.endswith("是") for word in clause[:place])
    is_single = place > 0 and len(clause[place - 1]) == 1 and bool(HAN.match(clause[place - 1]))
    return clause[place] == "了" and is_single


def _is_thanked(clause: list[str], place: int) -> bool:
    return clause[place] == "you" and place > 0 and clause[place - 1] in ("thank", "thanks")


def is_whole(clause: Clause) -> bool:
    """Return whether ``clause`` could be a label as it is: short, and without words that must not be shown."""
    if not clause or len(clause) > LONGEST_CLAUSE or len("".join(clause)) < 2:
        return False
    if clause[-1] in DANGLING or clause[-1] in DANGLING_CHINESE:
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
    asides: Set[Clause] = NO_ASIDES,
) -> list[Phrase]:
    """Return the best ``most`` phrases in ``messages`` (each its ``pieces``) by their words alone, best first.

    ``words`` are the weights of stems and ``wholes`` those of whole clauses, joined (see ``weigh``); ``details`` are
    the factors for stems that few messages use, ``asides`` the pieces that say when.
    """
    messages = list(messages)
    # Among few messages hardly two use the same words: any clause may name the theme, and its meaning decides.
    alone = _SAID_ALONE if sum(map(len, messages)) < _MANY else 0.0
    written: Counter[tuple[Clause, float, bool]] = Counter()
    for clause_list in messages:
        written.update(
            {
                (run, natural, clause in asides)
                for clause in clause_list
                for run, natural in _runs(clause, words, stop)
            }
        )
    best: dict[frozenset[str], tuple[float, Phrase]] = {}
    for (run, natural, is_aside), count in sorted(written.items()):
        said_of = keys_of(run, stop)
        keys = frozenset(key for key in said_of if key in words)
        whole = wholes.get(joined(run), alone) if natural >= _WHOLE else 0.0
        if not keys and not whole:
            continue
        score = _lexical(run, keys, words, whole, stop, is_clause=natural >= _WHOLE, is_few=alone > 0)
        score *= (1 + 0.25 * math.log(count)) * natural * _form(run, keys) * (_ASIDE if is_aside else 1)
        # A denied word is not a detail, however few use that word: "I don't recognise this payment".
        denied = {stem(after) for word, after in pairwise(run) if word in NEGATIONS}
        score *= math.prod(details[key] for key in sorted((said_of & details.keys()) - denied))
        text = joined(run)
        same = keys or frozenset(said_of) or frozenset([text])
        # Prefer a statement to a mere name: "heart rate is way off" over "heart rate". Chinese is handled below.
        told = (
            score
            if HAN.search(text)
            else score * (_NAMES if _asks(run) else _predicate(text)) ** (2 if alone else 1)
        )
        # Among few messages each clause is kept and judged by its meaning, because its words are hardly shared.
        kind = frozenset(said_of) if alone and said_of and natural >= _WHOLE else same
        if kind not in best or told > best[kind][0]:
            best[kind] = told, Phrase(text, same, score)
    ranked = sorted((phrase for _told, phrase in best.values()), key=_by_score)[: 3 * most]
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
    """Return 1 for a phrase from one message, less if there are many messages, and more if others share its words.

    Others share them if they have all of them in one clause. ``said`` are the words of each message's clauses,
    ``holders`` the messages that contain each word.
    """
    holding = set.intersection(*(holders.get(key, set()) for key in phrase.keys))
    count = sum(any(phrase.keys <= clause for clause in said[number]) for number in holding)
    if count < 2 and len(said) >= _SAID_AGAIN_FROM:
        return _SAID_ONCE
    return 1 + 0.4 * math.log(max(count, 1))


# How natural the ends of a phrase are: a whole clause, cut at function words, cut anywhere else.
_WHOLE, _AT_WORDS, _CUT = 1.3, 1.0, 0.75


def _runs(clause: Clause, words: dict[str, float], stop: frozenset[str]) -> list[tuple[Clause, float]]:
    """Return the runs of words in ``clause`` that could stand alone, and how natural each one's ends are."""
    found: list[tuple[Clause, float]] = [(clause, _WHOLE)] if is_whole(clause) else []
    last = len(clause) - 1
    good = [is_content(word, stop) and stem(word) in words for word in clause]
    held = [_may_hold(word) for word in clause]
    han = [_han_length(word) for word in clause]
    compares = "比" in clause
    asked = [place for place in range(last) if clause[place] in ASKING and clause[place + 1] in SUBJECTS]
    for start, first in enumerate(clause):
        # Without the "not" before it a phrase says the opposite; 的 belongs to the word after it.
        if start and (
            clause[start - 1] in _LEANING or _is_amount(clause, start - 1) or _is_what(clause, start)
        ):
            continue
        if not (good[start] or (first in NEGATIONS and first not in COMPLEMENTS)):
            continue
        is_headless = _is_headless(clause, start)
        # "The date | my parcel came": "date my parcel" would read as an order.
        begins_late = start > 0 and (clause[start - 1] in DETERMINERS or clause[start - 1] in ("and", "or"))
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
            # A comparison needs its end: 酒店能给我比携程|更低的价格.
            if compares and end < last and "比" in run:
                continue
            if is_headless and any(map(_is_verb, run[1:])):
                continue
            if run[1:2] and run[1] in DETERMINERS and begins_late:
                continue
            if any(start < place < end for place in asked):
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


def _is_amount(clause: Clause, place: int) -> bool:
    return clause[place] in AMOUNTS and place > 0 and clause[place - 1] == "how"


def _is_what(clause: Clause, start: int) -> bool:
    """Return whether word ``start`` is the verb of a question about a thing or an amount: "what do I | owe"."""
    before = [word for word in clause[max(start - 3, 0) : start] if word not in ASKING]
    return len(before) > 1 and before[-1] in SUBJECTS and (before[-2] == "what" or before[-2] in AMOUNTS)


def _is_headless(clause: Clause, start: int) -> bool:
    """Return whether a phrase from word ``start`` on lacks the head of its subject, or the verb that asks.

    "Amount of | gas is in my car" would state something that was not said, and so would "does my | car have gas".
    """
    if clause[start - 1 : start] and clause[start - 1] in ("and", "or"):
        return True
    while start and clause[start - 1] in DETERMINERS:
        start -= 1
    if not start:
        return False
    before = clause[start - 1]
    return before in LEADING or (before in ASKING and (start == 1 or clause[start - 2] in QUESTIONS))


def _may_hold(word: str) -> bool:
    return word not in UNFIT and not _is_odd(word)


@lru_cache(maxsize=100_000)
def _is_odd(word: str) -> bool:
    """Return whether ``word`` is a long number or stretched: soooo."""
    return bool(_STRETCHED.search(word)) or (len(word) > 3 and any(map(str.isdigit, word)))


@lru_cache(maxsize=100_000)
def _han_length(word: str) -> int:
    """Return the length of a Chinese word, 0 for any other."""
    return len(word) if HAN.search(word) else 0


def _may_end(clause: Clause, end: int, *, is_good: bool, is_first: bool) -> bool:
    """Return whether a phrase may end with word ``end``: it says something, and no second half is cut off."""
    last, after = clause[end], clause[end + 1] if end + 1 < len(clause) else ""
    particle = not is_first and last in PARTICLES and clause[end - 1] in PARTICLE_VERBS
    if last == "了":
        return _is_needed(clause, end)
    stranded = not is_first and HAN.match(last) and last in NEGATIONS and len(last) > 1
    if not (is_good or particle or stranded):
        return False
    if last in DANGLING_CHINESE or (after == "了" and _is_needed(clause, end + 1)):
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
    is_few: bool,
) -> float:
    """Return a score that prefers many strong words and few words in all.

    A word that no other message of the theme uses ("Tuesday") is ballast. With few messages (``is_few``) most words
    are, and the clause may need them: "delivery fee is way too *high*".
    """
    filler = sum(word in stop for word in run)
    ballast = sum(is_content(word, stop) and stem(word) not in words for word in run)
    length = (
        len(run)
        + (0.25 if is_clause else 0.5) * filler
        + (2 if not is_clause else 0.5 if is_few else 1) * ballast
    )
    # Sorted, because in another order the last digit of the sum may differ and make another phrase the best.
    return (sum(words[key] for key in sorted(keys)) + whole) / (1 + length) ** _BREVITY


def _form(run: Clause, keys: frozenset[str]) -> float:
    factor = 1.0
    if any(word in NEGATIONS and after in REASSURING for word, after in pairwise(run)):
        factor *= 0.5
    # A Chinese phrase ending in a single character is often cut off ("银行卡没收|到"); a number belongs to one case.
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
        factor *= 0.3
    if _is_remedy(run) or (keys and _VERSIONS.issuperset(keys)):
        factor *= 0.5
    if run[0] in LEADING or run[0] in LEADING_CHINESE:
        factor *= 0.5
    if len(run) == 1:
        factor *= 0.3
    elif len(keys) < 2:
        factor *= 0.75 if keys else 0.3
    return factor


def _asks(run: Clause) -> bool:
    """Return whether ``run`` begins like a question, or like "tell me" or "I need to know"."""
    return run[0] in ASKING or run[0] in QUESTIONS or "me" in run[1:2] or "know" in run


def _is_remedy(run: Clause) -> bool:
    """Return whether ``run`` describes an attempted remedy: 重启也没用. "It keeps restarting" does not."""
    if "keeps" in run or "keep" in run:
        return False
    return not REMEDIES.isdisjoint(run) or any(
        word in REMEDIES_CHINESE and after in IN_VAIN for word, after in pairwise(run)
    )


def says_what_happens(text: str) -> bool:
    """Return whether ``text`` says that something happens, or how it is, rather than only naming it."""
    return _predicate(text) > 1


# The factor for a mere name, compared with a phrase that says that something happens.
_NAMES = 0.7


@lru_cache(maxsize=100_000)
def _predicate(text: str) -> float:
    """Return a factor that prefers saying that something happens, or how it is, to a mere name."""
    if HAN.search(text):
        tags = rjieba.tag(text)
        if any(word in NEGATIONS for word, _tag in tags):
            return 1.2
        # A lone noun and a verb are often a title ("视频下载"); an adjective always says how something is.
        return 1.15 if any(tag[:1] in ("v", "a", "z", "i", "l") for _word, tag in tags) else _NAMES
    run = text.split()
    for word, after in pairwise([*run, ""]):
        # "Not bad" says no more than "bad".
        if after not in REASSURING if word in NEGATIONS else _is_verb(word) and word not in OWNING:
            return 1.2
    # The first word, if followed by "my" or "a", is a verb, known or not: "activate my card".
    return 1.2 if len(run) > 2 and run[1] in DETERMINERS and run[0] not in ENGLISH else _NAMES


def joined(run: Clause) -> str:
    """Return the words as text: with a space between Latin words, none next to Chinese ones."""
    text = run[0]
    for before, word in pairwise(run):
        text += word if HAN.search(before[-1]) or HAN.search(word[0]) else f" {word}"
    return text
