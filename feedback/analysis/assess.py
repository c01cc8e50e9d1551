"""Assess a message: language, sentiment, tone, topic, urgency with reasons. The only entry point of this part.

Pure: needs neither Django nor a database. The first call in a process loads the encoder and the models (one to
two seconds); after that a short message takes a few milliseconds on one core.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from config.kit.languages import base_of
from feedback.analysis import urgency as urgent
from feedback.analysis.artifacts import model_version
from feedback.analysis.encoder import encode_sentences, gist, one_thread, pool
from feedback.analysis.features import hashed
from feedback.analysis.language import identify
from feedback.analysis.lessons import NO_LESSONS, Lessons
from feedback.analysis.sentences import Sentence, split
from feedback.analysis.sentiment import TRAINED_LANGUAGES, read_mood
from feedback.analysis.signals import SENSITIVE, Signal, find_signals
from feedback.analysis.topic import topic
from feedback.intake.folding import fold
from feedback.intake.screen import Hit, screen

Lane = Literal["red", "amber", "none"]

FLAGS = ("minor", "sensitive", "repeat", "going_public")

# Facts from outside the text push a message only if it is already a candidate, never an ordinary one.
_PUSH_FROM = 0.25
_PUSH = {"repeat": 0.06, "minor": 0.08, "many_people": 0.06, "going_public": 0.06}
_MANY_PEOPLE = 5
#: At this cosine or above, two messages report the same matter. The same sentence in Chinese and English scores
#: between .53 and .82, two sentences in one language about different matters mostly below .5.
SAME_MATTER = 0.65
# The least urgency of an explicit danger to life: amber, or red when the message says nothing else.
_DANGER_WORD_FLOOR, _NOTHING_ELSE_FLOOR = 0.55, 0.85
_NOTHING_ELSE = re.compile(r"[\W_]*(?:(?:i|我)[\W_]*)?", re.I)
_DANGEROUS_ALONE = frozenset({"safety"})
_NEAR_ENOUGH = 0.45
_TAUGHT_ENOUGH = 0.1


class Reason(TypedDict):
    """One reason an agent can read; ``code`` determines which other keys are present.

    ``sentence``: the sentence that decided (text, start, end). ``words``: a danger phrase (category, text,
    start, end). ``signal``: a fact (name; text, start, end when found in the text, count when counted).
    ``calm``: the sentence sounds harmless (name: settled, fiction, hearsay, praise, asking, idiom) and the lane
    would be more severe otherwise; left out when it did not change the lane.
    ``near`` / ``near_harmless``: a known case (example, similarity, category). ``taught_urgent`` /
    ``taught_harmless``: people corrected similar messages; whose messages is not revealed.
    """

    code: str
    text: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    category: NotRequired[str]
    name: NotRequired[str]
    count: NotRequired[int]
    example: NotRequired[str]
    similarity: NotRequired[float]


@dataclass(frozen=True)
class Context:
    """What is known about a message apart from its text; every field is optional."""

    profile_language: str | None = None
    is_minor: bool = False


@dataclass(frozen=True)
class Company:
    """Who said the same: how often this person did before, and how many people did within the last hour."""

    reported_before: int = 0
    people_last_hour: int = 0


def times_said(vector: NDArray[np.float32] | None, earlier: Iterable[NDArray[np.float32] | None]) -> int:
    """Return how many ``earlier`` messages report the same matter as ``vector``; None is a message without words."""
    if vector is None:
        return 0
    return sum(other is not None and float(other @ vector) >= SAME_MATTER for other in earlier)


ALONE = Company()
#: Finds the company of messages from their vectors (None: without words). The flags mark those it could make more
#: urgent: the number of people saying the same matters only for them.
Compare = Callable[[Sequence[NDArray[np.float32] | None], Sequence[bool]], Sequence[Company]]


@dataclass(frozen=True)
class Assessed:
    """The result of assessing one message.

    ``vector`` is (512,) float32 of length 1, None for a text without words. ``categories`` holds all seven codes with
    their probabilities, the likeliest first: show two.
    """

    language: str
    language_confidence: float
    sentiment: float
    sentiment_confidence: Literal["high", "low"]
    tone: str
    topic: str
    urgency: float
    lane: Lane
    pages: bool
    categories: tuple[tuple[str, float], ...]
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    vector: NDArray[np.float32] | None
    model_version: str


@dataclass(frozen=True)
class _Read:
    """One text, split, encoded and screened, with each sentence judged."""

    text: str
    sentences: list[Sentence]
    vectors: NDArray[np.float32]
    hits: tuple[Hit, ...]
    judged: list[urgent.Judged]


def _read(texts: Sequence[str]) -> list[_Read]:
    """Split, encode and judge all ``texts`` in one batch."""
    cut = [split(text) for text in texts]
    hits = [screen(text) for text in texts]
    words = [sentence.text for sentences in cut for sentence in sentences]
    vectors = encode_sentences(words)
    named = [codes for each in zip(cut, hits, strict=True) for codes in urgent.named(*each)]
    judged = urgent.judge(words, vectors, named)
    read = []
    start = 0
    for text, sentences, found in zip(texts, cut, hits, strict=True):
        end = start + len(sentences)
        read.append(_Read(text, sentences, vectors[start:end], found, list(islice(judged, len(sentences)))))
        start = end
    return read


@dataclass(frozen=True)
class _Verdict:
    """The most urgent sentence of a text and its judgement; both None when there is nothing to judge."""

    sentence: Sentence | None
    judged: urgent.Judged | None

    @property
    def urgency(self) -> float:
        return self.judged.urgency if self.judged else 0.0

    @property
    def urgency_without_calm(self) -> float:
        return self.judged.urgency_without_calm if self.judged else 0.0


def _verdict(read: _Read, lessons: Lessons) -> _Verdict:
    best = _Verdict(None, None)
    for sentence, vector, plain in zip(read.sentences, read.vectors, read.judged, strict=True):
        judged = lessons.applied(plain, vector)
        if best.judged is None or judged.logit > best.judged.logit:
            best = _Verdict(sentence, judged)
    return best


def _facts(signals: Sequence[Signal], context: Context, company: Company) -> list[Reason]:
    """Turn the signals in the text and the facts from outside it into reasons with code ``signal``."""
    facts: list[Reason] = [
        {"code": "signal", "name": signal.code, "text": signal.text, "start": signal.start, "end": signal.end}
        for signal in signals
    ]
    read = {signal.code for signal in signals}
    if company.reported_before >= 2:
        facts.append({"code": "signal", "name": "repeat", "count": company.reported_before + 1})
    if context.is_minor and "minor" not in read:
        facts.append({"code": "signal", "name": "minor"})
    if company.people_last_hour >= _MANY_PEOPLE:
        facts.append({"code": "signal", "name": "many_people", "count": company.people_last_hour})
    return facts


def _floor(read: _Read) -> float:
    """Return the least urgency of a text, given the dangers to life it states explicitly."""
    dangers = [hit for hit in read.hits if hit.category in _DANGEROUS_ALONE]
    if any(_NOTHING_ELSE.fullmatch(read.text[: hit.start] + read.text[hit.end :]) for hit in dangers):
        return _NOTHING_ELSE_FLOOR
    return _DANGER_WORD_FLOOR if dangers else 0.0


def _pushed(urgency: float, facts: Sequence[Reason], read: _Read) -> float:
    """Raise ``urgency`` by the facts, each counted once, and at least to the floor set by danger words in ``read``."""
    if urgency >= _PUSH_FROM:
        urgency += sum(_PUSH.get(name, 0.0) for name in {fact["name"] for fact in facts})
    return min(max(urgency, _floor(read)), 0.999)


def _lane(urgency: float) -> Lane:
    if urgency >= urgent.RED:
        return "red"
    return "amber" if urgency >= urgent.AMBER else "none"


def _known_cases(judged: urgent.Judged) -> list[Reason]:
    reasons: list[Reason] = [
        {
            "code": "near",
            "example": case.text,
            "category": case.category,
            "similarity": round(case.similarity, 3),
        }
        for case in judged.nearest
        if case.similarity >= _NEAR_ENOUGH
    ]
    if judged.harmless and judged.harmless.similarity >= _NEAR_ENOUGH:
        reasons.append(
            {
                "code": "near_harmless",
                "example": judged.harmless.text,
                "similarity": round(judged.harmless.similarity, 3),
            }
        )
    return reasons


def _reasons(verdict: _Verdict, read: _Read, facts: Sequence[Reason], lane: Lane) -> tuple[Reason, ...]:
    is_calmed = _lane(_pushed(verdict.urgency_without_calm, facts, read)) != lane
    words: list[Reason] = [
        {"code": "words", "category": hit.category, "text": hit.text, "start": hit.start, "end": hit.end}
        for hit in read.hits
    ]
    if verdict.sentence is None or verdict.judged is None:
        return (*words, *facts)
    decided: list[Reason] = []
    calm: list[Reason] = []
    if lane != "none" or is_calmed:
        sentence = verdict.sentence
        decided = [{"code": "sentence", "text": sentence.text, "start": sentence.start, "end": sentence.end}]
    if is_calmed:
        calm = [{"code": "calm", "name": kind} for kind in verdict.judged.calm]
    return (*decided, *words, *facts, *calm, *_taught(verdict.judged), *_known_cases(verdict.judged))


def _taught(judged: urgent.Judged) -> list[Reason]:
    """Return the reason that corrections played a part, without quoting them: they are other people's messages."""
    if abs(judged.taught) < _TAUGHT_ENOUGH:
        return []
    return [{"code": "taught_urgent" if judged.taught > 0 else "taught_harmless"}]


def _flags(facts: Sequence[Reason], category: str | None, lane: Lane) -> tuple[str, ...]:
    names = {fact["name"] for fact in facts}
    if names.intersection(SENSITIVE) or (lane != "none" and (category == "safety" or "minor" in names)):
        names.add("sensitive")
    return tuple(flag for flag in FLAGS if flag in names)


@dataclass(frozen=True)
class _Heard:
    """One message as read, with its overall meaning and its most urgent sentence."""

    read: _Read
    gist: NDArray[np.float32] | None
    verdict: _Verdict

    @property
    def may_grow(self) -> bool:
        """Whether facts from outside the text could change the lane."""
        return _PUSH_FROM <= self.verdict.urgency < urgent.RED


def _heard(read: _Read, lessons: Lessons) -> _Heard:
    words = [sentence.text for sentence in read.sentences]
    return _Heard(read, gist(read.vectors, words) if words else None, _verdict(read, lessons))


def _assessed(heard: _Heard, context: Context, company: Company, lessons: Lessons) -> Assessed:
    read, verdict = heard.read, heard.verdict
    folded = fold(read.text)
    grams = hashed(folded.text)
    vector = pool(read.vectors) if read.sentences else None
    language = identify(read.text, profile_language=context.profile_language)
    mood = read_mood(folded.text, vector=vector, grams=grams, language=language.code)
    facts = _facts(find_signals(read.text, folded), context, company)
    urgency = _pushed(verdict.urgency, facts, read)
    lane = _lane(urgency)
    categories = verdict.judged.categories if verdict.judged else ()
    category = categories[0][0] if categories else None
    return Assessed(
        language=language.code,
        language_confidence=round(language.confidence, 3),
        sentiment=round(mood.sentiment, 3),
        sentiment_confidence="high" if base_of(language.code) in TRAINED_LANGUAGES else "low",
        tone=mood.tone,
        topic=topic(vector, grams),
        urgency=round(urgency, 4),
        lane=lane,
        pages=lane == "red" or (lane == "amber" and category in urgent.PAGED_AT_AMBER),
        categories=tuple((code, round(share, 4)) for code, share in categories),
        flags=_flags(facts, category, lane),
        reasons=_reasons(verdict, read, facts, lane),
        vector=heard.gist,
        model_version="+".join(filter(None, (model_version(), lessons.version))),
    )


def assess(
    text: str, *, context: Context | None = None, company: Company = ALONE, lessons: Lessons = NO_LESSONS
) -> Assessed:
    """Assess one message; never raises on any ``str``.

    A text without words gets language ``und``, urgency 0 and no vector.
    """
    return assess_many(
        [text],
        contexts=[context or Context()],
        compare=lambda _vectors, _urgent: [company],
        lessons=lessons,
    )[0]


def assess_many(
    texts: Sequence[str],
    *,
    contexts: Sequence[Context] | None = None,
    compare: Compare | None = None,
    lessons: Lessons = NO_LESSONS,
) -> list[Assessed]:
    """Assess ``texts`` in order as one batch: several times faster than one by one.

    ``contexts`` is None or as long as ``texts``. ``compare`` is called once, for the company of all of them; None
    means that nobody else said the same. ``lessons`` come from people's corrections; ``model_version`` names their
    set. Raises ValueError when the lengths differ.
    """
    known = contexts if contexts is not None else [Context()] * len(texts)
    if len(known) != len(texts):
        raise ValueError(f"{len(texts)} texts and {len(known)} contexts")
    with one_thread():
        heard = [_heard(read, lessons) for read in _read(texts)]
        companies = (
            compare([one.gist for one in heard], [one.may_grow for one in heard])
            if compare
            else [ALONE] * len(heard)
        )
        return [_assessed(*each, lessons) for each in zip(heard, known, companies, strict=True)]
