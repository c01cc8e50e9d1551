"""Suggestions for a visitor who is about to write to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.kit.naming import page_language
from config.kit.text import clean_text
from feedback.analysis.meaning import meaning_of
from feedback.knowledge.ranking import Reader
from feedback.knowledge.recommend import Answer, Known, Question, articles_for, problems_for

MOST_PROBLEMS = 3
MOST_ARTICLES = 3
#: A shorter text says too little.
LEAST_CHARACTERS = 4


@dataclass(frozen=True)
class Suggestions:
    problems: list[Known]
    articles: list[Answer]


def suggestions_for(text: str, *, at: datetime) -> Suggestions:
    """Return the known problems and articles that ``text`` may be about, for a reader of the active language.

    They contain only our own words, never those of other customers. At most six queries.
    """
    text = clean_text(text)
    if len(text) < LEAST_CHARACTERS:
        return Suggestions([], [])
    question = Question(text, meaning_of(text))
    reader = Reader(page_language(), platform="web")
    return Suggestions(
        problems_for(question, reader, most=MOST_PROBLEMS, at=at),
        articles_for(question, reader, most=MOST_ARTICLES),
    )
