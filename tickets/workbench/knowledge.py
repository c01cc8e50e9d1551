"""Existing knowledge about a ticket's subject: similar tickets, articles, canned replies, known problems."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from config.kit.routes import absolute
from feedback.intake.models import Direction, Message
from feedback.knowledge.models import Article, KnownProblem, Report
from feedback.knowledge.ranking import Reader
from feedback.knowledge.recommend import Answer, Known, Question, articles_for, problems_for
from feedback.themes.models import ThemePlace
from tickets.desk.models import Ticket
from tickets.replies.canned import Wording, customer_language, wordings
from tickets.replies.suggesting import fitting
from tickets.workbench.similar import Similar, matter_of, similar_tickets
from users.accounts.models import User
from users.profiles.models import Habit, HabitKind

MOST_ARTICLES = 3
MOST_CANNED = 2
MOST_PROBLEMS = 2
#: How many of our answers are searched for articles already sent.
MOST_ANSWERS = 200
_ARTICLE_LINK = re.compile(r"/help/([a-zA-Z0-9_-]+)")


@dataclass(frozen=True)
class Suggested:
    """An article, and the text that inserting it adds to the reply."""

    answer: Answer
    insert: str


@dataclass(frozen=True)
class Panel:
    """The content of the panel; ``theme_id`` is the theme of the ticket's messages.

    ``reported`` is the known problem the customer said "me too" to. ``is_read`` is False if there are no vectors.
    """

    similar: list[Similar]
    articles: list[Suggested]
    canned: list[Wording]
    problems: list[Known]
    reported: KnownProblem | None
    theme_id: int | None
    is_read: bool


def panel_of(ticket: Ticket, user: User, *, at: datetime) -> Panel:
    """Return what helps ``user`` with ``ticket``. At most twenty queries, however much is stored."""
    report = Report.objects.select_related("problem").filter(feedback=ticket.feedback_id).first()
    reported = report.problem if report else None
    places = ThemePlace.objects.filter(message__feedback=ticket.feedback_id, theme__isnull=False)
    theme_id = places.order_by("pk").values_list("theme", flat=True).first()
    matter = matter_of(ticket)
    if matter is None:
        return Panel([], [], [], [], reported, theme_id, is_read=False)
    question = Question(matter.text, matter.vector)
    reader = reader_of(ticket)
    replies = fitting(matter.vector, most=MOST_CANNED)
    by_id = {one.reply_id: one for one in wordings(ticket, agent=user, language=reader.language)}
    return Panel(
        similar=similar_tickets(ticket, matter, user),
        articles=[
            Suggested(answer, insertion(answer, language=reader.language))
            for answer in articles_for(question, reader, most=MOST_ARTICLES)
        ],
        canned=[by_id[reply] for reply in replies if reply in by_id],
        problems=problems_for(question, reader, most=MOST_PROBLEMS, at=at),
        reported=reported,
        theme_id=theme_id,
        is_read=True,
    )


def reader_of(ticket: Ticket) -> Reader:
    """Return the customer as a reader of articles: language, platform, topic, articles already sent. Four queries."""
    feedback = ticket.feedback
    habits = Habit.objects.filter(customer=feedback.customer_id, kind=HabitKind.PLATFORM)
    return Reader(
        language=customer_language(ticket),
        platform=feedback.platform or habits.values_list("value", flat=True).first() or "",
        topic=ticket.topic,
        read=articles_sent(feedback.customer_id),
    )


def articles_sent(customer_id: int) -> Collection[int]:
    """Return the ids of the articles linked in our answers to a customer. At most two queries."""
    answers = Message.objects.filter(
        feedback__customer=customer_id, direction=Direction.OUT, text__contains="/help/"
    ).order_by("-pk")
    slugs = {
        slug
        for text in answers.values_list("text", flat=True)[:MOST_ANSWERS]
        for slug in _ARTICLE_LINK.findall(text)
    }
    return set(Article.objects.filter(slug__in=slugs).values_list("pk", flat=True)) if slugs else set()


def insertion(answer: Answer, *, language: str) -> str:
    """Return the text that points to an article in a reply: its title and its URL in the reader's language."""
    page_language = "zh-hans" if language.lower().startswith("zh") else "en"
    address = absolute("help-article", answer.article.slug)
    return f"{answer.text.title}\n{address}?language={page_language}\n"
