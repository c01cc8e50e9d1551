"""A person's complete history with us, newest first: their messages, our answers and their ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from feedback.intake.models import Direction, Feedback, Message, Rating
from users.profiles.models import Customer

NAMES = {Direction.IN.value: "said", Direction.OUT.value: "answered"}


@dataclass(frozen=True)
class Position:
    """The position of an entry in a person's history: later ``at`` first, then higher ``kind``, then higher ``key``."""

    at: datetime
    kind: str
    key: int


@dataclass(frozen=True)
class Entry:
    """An entry of the history; ``kind`` is ``said``, ``answered`` or ``rated``, which alone has a ``score``."""

    position: Position
    kind: str
    feedback_id: UUID
    number: str
    text: str
    score: int | None

    @property
    def at(self) -> datetime:
        return self.position.at


def history_of(customer: Customer, *, before: Position | None, most: int) -> list[Entry]:
    """Return the newest ``most`` entries of ``customer``, or the newest before a position. Two queries."""
    people = list(Customer.objects.one_person(customer).values_list("pk", flat=True))
    messages = _columns(
        Message.objects.filter(feedback__customer__in=people),
        moment=F("received_at"), kind=F("direction"), words=F("text"), points=Value(None),
    )  # fmt: skip
    ratings = _columns(
        Rating.objects.filter(feedback__customer__in=people),
        moment=F("at"), kind=Value("rated"), words=F("comment"), points=F("score"),
    )  # fmt: skip
    if before is not None:
        messages, ratings = messages.filter(_before(before)), ratings.filter(_before(before))
    rows = _values(messages).union(_values(ratings), all=True)
    return [_entry(*row) for row in rows.order_by("-moment", "-kind", "-key")[:most]]


def _columns(rows: QuerySet[Any], *, moment: Any, kind: Any, words: Any, points: Any) -> QuerySet[Any]:
    return rows.annotate(
        moment=moment,
        kind=Cast(kind, TextField()),
        key=F("pk"),
        words=words,
        points=Cast(points, IntegerField()),
    )


def _values(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.values_list("moment", "kind", "key", "feedback_id", "feedback__public_id", "words", "points")


def _before(position: Position) -> Q:
    at_once = Q(kind__lt=position.kind) | Q(kind=position.kind, key__lt=position.key)
    return Q(moment__lt=position.at) | Q(moment=position.at) & at_once


def _entry(
    at: datetime, kind: str, key: int, feedback_key: int, feedback_id: UUID, text: str, score: int | None
) -> Entry:
    number = Feedback.number_of(feedback_key)
    return Entry(Position(at, kind, key), NAMES.get(kind, kind), feedback_id, number, text, score)
