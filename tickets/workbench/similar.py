"""Find tickets that say the same as a given one, in any language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from config.kit.text import clean_line
from feedback.analysis.duplicates import SUGGESTED_FROM, vetoed
from feedback.analysis.encoder import gist
from feedback.analysis.models import MessageVector
from feedback.analysis.nearest import Near, nearest
from feedback.intake.models import Direction, Message
from tickets.desk.models import Ticket, TicketLink, TicketQuerySet
from users.accounts.models import User

#: Below this similarity two messages have at most a topic in common.
SIMILAR_FROM = 0.55
MOST_SHOWN = 4
#: How many messages are read; later ones seldom change what a ticket is about.
MOST_READ = 5
LINE_LENGTH = 120


@dataclass(frozen=True)
class Matter:
    """What the customer of a ticket said: the text, and its meaning as a unit vector (512,)."""

    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True)
class Similar:
    """A similar ticket; ``similarity`` is 0..1, ``is_same`` if it is probably about the same matter."""

    ticket: Ticket
    similarity: float
    line: str
    is_linked: bool

    @property
    def percent(self) -> int:
        return round(self.similarity * 100)

    @property
    def is_same(self) -> bool:
        return self.similarity >= SUGGESTED_FROM


def matter_of(ticket: Ticket) -> Matter | None:
    """Return what ``ticket`` is about, from the vectors of its messages; None when there are none. One query."""
    rows = list(
        MessageVector.objects.filter(message__feedback=ticket.feedback_id, message__direction=Direction.IN)
        .order_by("message_id")
        .values_list("vector", "message__text")[:MOST_READ]
    )
    if not rows:
        return None
    texts = [text for _vector, text in rows]
    vectors = np.array([vector for vector, _text in rows], np.float32)
    return Matter("\n".join(filter(None, [ticket.feedback.subject, *texts])), gist(vectors, texts))


def similar_tickets(ticket: Ticket, matter: Matter, user: User) -> list[Similar]:
    """Return the tickets nearest to ``matter`` that ``user`` may read, the nearest first. At most six queries."""
    near = nearest(matter.vector, least=SIMILAR_FROM)
    best = _best_of_each(ticket, matter, near, user)
    feedback_ids = sorted(best, key=lambda one: (-best[one][0], -one))[:MOST_SHOWN]
    tickets = {other.feedback_id: other for other in _readable(user).filter(feedback__in=feedback_ids)}
    linked = _linked(ticket, [other.pk for other in tickets.values()])
    return [
        Similar(
            ticket=tickets[feedback_id],
            similarity=best[feedback_id][0],
            line=clean_line(best[feedback_id][1])[:LINE_LENGTH],
            is_linked=tickets[feedback_id].pk in linked,
        )
        for feedback_id in feedback_ids
        if feedback_id in tickets
    ]


def _best_of_each(
    ticket: Ticket, matter: Matter, near: Sequence[Near], user: User
) -> dict[int, tuple[float, str]]:
    """Return the similarity and text of the most similar message of each feedback in ``near``."""
    readable = _readable(user).exclude(pk=ticket.pk).order_by()
    messages = Message.objects.filter(
        pk__in=[one.message_id for one in near], feedback__in=readable.values("feedback")
    ).in_bulk()
    best: dict[int, tuple[float, str]] = {}
    for one in near:
        message = messages.get(one.message_id)
        if message is not None:
            similarity = vetoed(matter.text, message.text, one.cosine)
            best[message.feedback_id] = max(
                best.get(message.feedback_id, (0.0, "")), (similarity, message.text)
            )
    return best


def _readable(user: User) -> TicketQuerySet:
    return Ticket.objects.visible_to(user).filter(merged_into=None)


def _linked(ticket: Ticket, others: Sequence[int]) -> set[int]:
    """Return which of ``others`` are linked with ``ticket``. One query."""
    links = TicketLink.objects.filter(
        Q(source=ticket, target__in=others) | Q(target=ticket, source__in=others)
    )
    pairs = links.values_list("source", "target")
    return {one for pair in pairs for one in pair} - {ticket.pk}
