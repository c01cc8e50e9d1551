"""What somebody who is about to write to us should see first."""

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
#: Fewer characters say nothing yet.
LEAST_CHARACTERS = 4


@dataclass(frozen=True)
class Suggestions:
    problems: list[Known]
    articles: list[Answer]


def suggestions_for(text: str, *, at: datetime) -> Suggestions:
    """Return the known problems and the articles that ``text`` may be about, for a reader of the active language.

    Words of ours only, never those of other customers. Six queries at most.
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
