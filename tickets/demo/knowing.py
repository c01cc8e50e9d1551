"""Create the help articles and known problems of Glowreel."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction

from feedback.knowledge.models import (
    Article,
    ArticleState,
    ArticleText,
    KnownProblem,
    ProblemState,
    ProblemText,
)
from feedback.knowledge.services import index_unindexed
from tickets.demo.knowledge_text import Entry, entries_in
from tickets.demo.wording import TEXTS


@transaction.atomic
def know(at: datetime) -> None:
    """Create the missing articles and known problems as of ``at``; a worker computes their vectors."""
    for one in entries_in((TEXTS / "knowledge.txt").read_text(encoding="utf-8")):
        if one.kind == "article":
            _article(one, at)
        else:
            _problem(one, at)
    index_unindexed(at)


def _article(one: Entry, at: datetime) -> None:
    slug, topic, tags, platforms = one.head
    article, is_new = Article.objects.get_or_create(
        slug=slug,
        defaults={
            "state": ArticleState.PUBLISHED,
            "topic": topic,
            "tags": _list(tags),
            "platforms": _list(platforms),
            "updated_at": at,
        },
    )
    if is_new:
        ArticleText.objects.bulk_create(ArticleText(article=article, **text) for text in one.texts())


def _problem(one: Entry, at: datetime) -> None:
    _key, state, days, fixed_in = one.head
    titles = [wording.title for wording in one.wordings]
    if ProblemText.objects.filter(title__in=titles).exists():
        return
    problem = KnownProblem.objects.create(
        state=state,
        since=(at - timedelta(days=int(days))).date(),
        fixed_in=fixed_in,
        resolved_at=at - timedelta(days=3) if state == ProblemState.RESOLVED else None,
        updated_at=at,
    )
    ProblemText.objects.bulk_create(ProblemText(problem=problem, **text) for text in one.texts())


def _list(text: str) -> list[str]:
    return re.split(r",\s*", text) if text else []
