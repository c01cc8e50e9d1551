"""What the tests know: articles and known problems, with their vectors."""

from __future__ import annotations

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_batch
from feedback.knowledge.models import (
    Article,
    ArticleState,
    ArticleText,
    KnownProblem,
    ProblemState,
    ProblemText,
    Wording,
)
from feedback.knowledge.services import index_wording
from tests.people import NOON


def read_all() -> None:
    """Let the worker make every vector that is owed."""
    while run_batch(Lane.TEXT, at=NOON, by="test"):
        pass


def indexed(wording: Wording) -> Wording:
    index_wording(wording, at=NOON)
    return wording


def article(slug: str, *, state: str = ArticleState.PUBLISHED, asked: str = "", **texts: str) -> Article:
    """Return an article with a wording per language, such as ``en="Title: body"``; ``zh`` stands for zh-Hans."""
    made = Article.objects.create(slug=slug, state=state, updated_at=NOON)
    for language, text in texts.items():
        title, _colon, body = text.replace("：", ":").partition(":")
        tag = "zh-Hans" if language == "zh" else language
        indexed(
            ArticleText.objects.create(
                article=made, language=tag, title=title, body=body or title, asked=asked
            )
        )
    return made


def problem(*, state: str = ProblemState.PUBLISHED, **texts: str) -> KnownProblem:
    """Return a known problem since NOON with a wording per language."""
    fields = {name: texts.pop(name) for name in ("fixed_in", "theme") if name in texts}
    made = KnownProblem.objects.create(
        state=state,
        since=NOON.date(),
        updated_at=NOON,
        resolved_at=NOON if state == ProblemState.RESOLVED else None,
        **fields,
    )
    for language, text in texts.items():
        title, _colon, body = text.replace("：", ":").partition(":")
        tag = "zh-Hans" if language == "zh" else language
        indexed(ProblemText.objects.create(problem=made, language=tag, title=title, body=body or title))
    return made
