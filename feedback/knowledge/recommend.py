"""Find the articles and the known problems that answer a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from django.contrib.postgres.search import SearchRank
from django.db.models import F, Max, Q, QuerySet, Value
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import CosineDistance

from feedback.analysis.encoder import ENCODER
from feedback.analysis.lexemes import lexemes
from feedback.analysis.search import Asked
from feedback.knowledge.models import (
    Article,
    ArticleText,
    KnownProblem,
    ProblemText,
    Wording,
)
from feedback.knowledge.ranking import NEAR_FROM, WORDS_WEIGH, Candidate, Reader, overlap_of, rank
from feedback.themes.stop_words import ENGLISH

W = TypeVar("W", bound=Wording)

#: The maximum number of lexemes of a question that are searched for.
MOST_LEXEMES = 60
MOST_CANDIDATES = 40


@dataclass(frozen=True)
class Question:
    """A question: its words, and its meaning as a unit vector (512,), None while that is unknown."""

    text: str
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Answer:
    """An article that may help; ``is_foreign`` when it has no wording in the reader's language."""

    article: Article
    text: ArticleText
    score: float
    is_foreign: bool
    was_read: bool


@dataclass(frozen=True)
class Known:
    """A known problem that the reader may have."""

    problem: KnownProblem
    text: ProblemText
    score: float
    is_foreign: bool


def articles_for(question: Question, reader: Reader, *, most: int) -> list[Answer]:
    """Return the published articles that answer ``question``, best for ``reader`` first. At most three queries."""
    texts = ArticleText.objects.filter(article__in=Article.objects.published()).select_related("article")
    found = _candidates(texts, question, "article_id")
    candidates = [
        _candidate(text, question, text.article_id, cosine, text.article.topic, text.article.platforms)
        for text, cosine in found
    ]
    by_id = {text.pk: text for text, _cosine in found}
    return [
        Answer(by_id[one.wording].article, by_id[one.wording], one.score, one.is_foreign, one.was_read)
        for one in rank(candidates, reader, most=most)
    ]


def problems_for(question: Question, reader: Reader, *, most: int, at: datetime) -> list[Known]:
    """Return the known problems that ``question`` may be about, most likely first. At most three queries."""
    texts = ProblemText.objects.filter(problem__in=KnownProblem.objects.told(at)).select_related("problem")
    found = _candidates(texts, question, "problem_id")
    candidates = [_candidate(text, question, text.problem_id, cosine) for text, cosine in found]
    by_id = {text.pk: text for text, _cosine in found}
    return [
        Known(by_id[one.wording].problem, by_id[one.wording], one.score, one.is_foreign)
        for one in rank(candidates, reader, most=most)
    ]


def _candidates(texts: QuerySet[W], question: Question, entry: str) -> list[tuple[W, float | None]]:
    """Return the wordings close to ``question`` by meaning or words, and the other wordings of their entries."""
    cosines: dict[int, float] = {}
    if question.vector is not None:
        near = texts.filter(passages__encoder=ENCODER, passages__vector__isnull=False)
        distance = CosineDistance(F("passages__vector"), HalfVector(question.vector.tolist()))
        cosines = dict(
            near.annotate(cosine=Max(Value(1.0) - distance))
            .filter(cosine__gte=NEAR_FROM - WORDS_WEIGH)
            .order_by("-cosine", "pk")
            .values_list("pk", "cosine")[:MOST_CANDIDATES]
        )
    chosen = set(cosines) | set(_by_words(texts, question))
    if not chosen:
        return []
    entries = texts.filter(pk__in=chosen).order_by().values(entry)
    found = texts.filter(Q(**{f"{entry}__in": entries})).order_by("pk")
    unknown = None if question.vector is None else 0.0
    return [(text, cosines.get(text.pk, unknown)) for text in found]


def _by_words(texts: QuerySet[W], question: Question) -> list[int]:
    words = words_of(question.text)
    if not words:
        return []
    quoted = ("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)
    asked = Asked(" | ".join(quoted))
    ranked = texts.filter(words=asked).annotate(rank=SearchRank(F("words"), asked)).order_by("-rank", "pk")
    return list(ranked.values_list("pk", flat=True)[:MOST_CANDIDATES])


def words_of(text: str) -> list[str]:
    """Return the lexemes of ``text`` without English stop words and single characters, at most MOST_LEXEMES."""
    return [word for word in lexemes(text) if len(word) > 1 and word not in ENGLISH][:MOST_LEXEMES]


def _candidate(
    text: Wording,
    question: Question,
    entry: int,
    cosine: float | None,
    topic: str = "",
    platforms: Sequence[str] = (),
) -> Candidate:
    asked = [text.title, *text.asked.splitlines()]
    overlaps = [_overlap(question.text, line) for line in asked]
    return Candidate(entry, text.pk, text.language, max(overlaps), cosine, topic, platforms)


def _overlap(question: str, line: str) -> float:
    return overlap_of(words_of(question), words_of(line))
