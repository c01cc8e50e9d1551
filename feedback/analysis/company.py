"""Who else said the same: this person before, and how many people within the hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from numpy.typing import NDArray
from pgvector import HalfVector

from config.kit.origins import Origin
from feedback.analysis.assess import SAME_MATTER, Company, times_said
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import MessageVector
from feedback.intake.models import Direction, Message

Vector = NDArray[np.float32]

#: How many of a person's earlier messages count, and for how long.
_MOST_BEFORE = 20
_REMEMBERED = timedelta(days=90)
#: In a storm the newest say enough: comparing takes a millisecond however many come.
_MOST_RECENT = 300

# The ORM knows no join of a list of vectors with rows. Materialised, so that no vector is read from its text, nor
# from its row, once for each pair.
_PEOPLE = """
WITH asked AS MATERIALIZED (
    SELECT place, vector::halfvec AS vector, customer_id
    FROM unnest(%s::int[], %s::text[], %s::bigint[]) asked (place, vector, customer_id)
),
recent AS MATERIALIZED (
    SELECT stored.vector, feedback.customer_id
    FROM feedback_message message
    JOIN feedback_feedback feedback ON feedback.id = message.feedback_id
    JOIN feedback_messagevector stored ON stored.message_id = message.id AND stored.encoder = %s
    WHERE message.direction = 'in' AND message.origin = %s
        AND message.received_at > %s AND message.received_at <= %s
    ORDER BY message.received_at DESC LIMIT %s
)
SELECT asked.place, count(DISTINCT recent.customer_id)
FROM asked JOIN recent ON recent.customer_id <> asked.customer_id
WHERE 1 - (recent.vector <=> asked.vector) >= %s
GROUP BY asked.place
"""


def company_of(
    messages: Sequence[Message], vectors: Sequence[Vector | None], may_grow: Sequence[bool]
) -> list[Company]:
    """Return who said what each of ``messages`` says, whose ``vectors`` are unit length (512,). Three queries at most.

    How many people did is asked only for live messages that ``may_grow``.
    """
    asked = [
        place
        for place, message in enumerate(messages)
        if may_grow[place] and vectors[place] is not None and message.origin == Origin.LIVE
    ]
    people = _people_near(messages, vectors, asked) if asked else {}
    before = _reported_before(messages, vectors)
    return [Company(before[place], people.get(place, 1)) for place in range(len(messages))]


def _reported_before(messages: Sequence[Message], vectors: Sequence[Vector | None]) -> list[int]:
    """Return how many earlier messages of the same person, in any thread, report what each message does."""
    said: dict[int, dict[int, Vector]] = defaultdict(dict)
    # Those read together have no stored vector yet.
    for message, vector in zip(messages, vectors, strict=True):
        if vector is not None:
            said[message.feedback.customer_id][message.pk] = vector
    _add_earlier(said, messages)
    return [
        times_said(
            vector,
            [
                earlier
                for message_id, earlier in said[message.feedback.customer_id].items()
                if message_id < message.pk
            ],
        )
        for message, vector in zip(messages, vectors, strict=True)
    ]


def _add_earlier(said: dict[int, dict[int, Vector]], messages: Sequence[Message]) -> None:
    """Add to ``said``, {customer: {message: vector}}, what the writers of ``messages`` said before these.

    No query for people whose first words these are, which is most.
    """
    returning = {
        message.feedback.customer_id
        for message in messages
        if message.feedback.customer.created_at < message.received_at
    }
    if not returning:
        return
    newest_first = Window(RowNumber(), partition_by="feedback__customer", order_by=F("pk").desc())
    written = Message.objects.filter(
        direction=Direction.IN,
        feedback__customer__in=list(returning),
        received_at__gt=min(message.received_at for message in messages) - _REMEMBERED,
        pk__lt=max(message.pk for message in messages),
    ).exclude(pk__in=[message.pk for message in messages])
    latest = written.annotate(recency=newest_first).filter(recency__lte=_MOST_BEFORE)
    customers = dict(latest.values_list("pk", "feedback__customer"))
    if customers:
        stored = MessageVector.objects.filter(encoder=ENCODER, message__in=list(customers))
        for message_id, vector in stored.values_list("message_id", "vector"):
            said[customers[message_id]][message_id] = np.array(vector, np.float32)


def _people_near(
    messages: Sequence[Message], vectors: Sequence[Vector | None], places: Sequence[int]
) -> dict[int, int]:
    """Return by place how many people, the writer included, said the same in the hour before the newest of them."""
    until = max(messages[place].received_at for place in places)
    texts = [
        HalfVector(vector.tolist()).to_text() for place in places if (vector := vectors[place]) is not None
    ]
    customers = [messages[place].feedback.customer_id for place in places]
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE,
            [
                *(list(places), texts, customers),
                *(ENCODER, Origin.LIVE, until - timedelta(hours=1), until, _MOST_RECENT, SAME_MATTER),
            ],
        )
        return {place: others + 1 for place, others in cursor.fetchall()}
