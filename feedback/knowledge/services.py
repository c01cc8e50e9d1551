"""Index articles and known problems for search, and record a "me too"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import overload

from django.db import transaction

from config.kit.languages import nearest_language
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from config.kit.text import digest
from feedback.analysis.encoder import ENCODER, encode_sentences
from feedback.analysis.search import Lexemes
from feedback.intake.models import Message
from feedback.knowledge.models import (
    Article,
    ArticleText,
    KnownProblem,
    Passage,
    ProblemText,
    Report,
    Wording,
)
from feedback.knowledge.passages import passages_of
from feedback.themes.models import PlacedBy, ThemePlace

#: The outbox kind whose handler computes the vector of a passage.
PASSAGE_ADDED = "knowledge.passage"


@transaction.atomic
def keep_passages(texts: Sequence[str], *, at: datetime) -> list[Passage]:
    """Return the passages with ``texts``, queueing the vectors of new ones. Two queries when all exist."""
    digests = {digest(f"{ENCODER}\n{text}".encode()): text for text in texts}
    new = [Passage(digest=key, text=text, encoder=ENCODER) for key, text in digests.items()]
    # When the same text is saved concurrently, one transaction inserts it and the other finds it.
    Passage.objects.bulk_create(new, ignore_conflicts=True)
    passages = list(Passage.objects.filter(digest__in=digests).order_by("pk"))
    for passage in passages:
        if passage.vector is None:
            owe(PASSAGE_ADDED, passage.pk, at=at, lane=Lane.TEXT)
    return passages


@transaction.atomic
def index_wording(wording: Wording, *, at: datetime) -> None:
    """Index ``wording`` by its words now, and by its meaning as soon as a worker has encoded it."""
    passages = passages_of(wording.title, asked=wording.asked, body=wording.body)
    wording.passages.set(keep_passages(passages, at=at))
    words = Lexemes(f"{wording.title}\n{wording.asked}\n{wording.body}")
    type(wording)._default_manager.filter(pk=wording.pk).update(words=words)


@transaction.atomic
def join(message: Message, problem: KnownProblem, *, at: datetime) -> Report:
    """Record ``message`` as a report of ``problem``, counted in the problem's theme. Repeating it changes nothing."""
    report, _is_new = Report.objects.get_or_create(
        feedback_id=message.feedback_id, defaults={"problem": problem, "at": at}
    )
    theme = problem.theme
    if theme is not None:
        ThemePlace.objects.update_or_create(
            message=message, defaults={"theme": theme.current(), "by": PlacedBy.PERSON, "at": at}
        )
    return report


def published_article(slug: str) -> Article | None:
    """Return the published article ``slug`` with its wordings, None if it is missing or has none. Two queries."""
    article = Article.objects.published().filter(slug=slug).prefetch_related("texts").first()
    return article if article is not None and article.texts.all() else None


@overload
def wording_for(entry: Article, language: str) -> ArticleText: ...
@overload
def wording_for(entry: KnownProblem, language: str) -> ProblemText: ...
def wording_for(entry: Article | KnownProblem, language: str) -> Wording:
    """Return the wording of ``entry`` that a reader of ``language`` understands best.

    One query, none when the wordings are prefetched. Raises ValueError when there are no wordings.
    """
    wordings: dict[str, Wording] = {text.language: text for text in entry.texts.all()}
    nearest = nearest_language(language, wordings)
    if nearest is None:
        raise ValueError(f"{entry} has no wording")
    return wordings[nearest]


def index_unindexed(at: datetime) -> int:
    """Index wordings that were not saved through the admin, at most 500 of each model; return how many."""
    kinds: tuple[type[Wording], ...] = (ArticleText, ProblemText)
    left = [wording for kind in kinds for wording in kind._default_manager.filter(words=None)[:500]]
    for wording in left:
        index_wording(wording, at=at)
    return len(left)


def _read(passage_ids: Sequence[int], at: datetime) -> list[list[float]]:
    """Return the vectors of passages, in order, computed in one batch."""
    texts = Passage.objects.in_bulk(list(passage_ids))
    return encode_sentences([texts[one].text for one in passage_ids]).tolist()


def _read_one(passage_id: int, at: datetime) -> list[float]:
    return _read([passage_id], at)[0]


def _keep_vector(passage_id: int, vector: list[float], at: datetime) -> None:
    """Store the vector. Safe to repeat: a passage never changes, so it writes the same vector."""
    Passage.objects.filter(pk=passage_id).update(vector=vector)


PASSAGE_HANDLER = Handler(
    kind=PASSAGE_ADDED, lane=Lane.TEXT, work=_read_one, work_many=_read, effect=_keep_vector
)
