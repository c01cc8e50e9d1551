"""Find who else said the same: this person before, and how many people within the last hour."""

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

#: How many of a person's earlier messages count, and how far back.
_MOST_BEFORE = 20
_REMEMBERED = timedelta(days=90)
#: In a surge the newest messages are enough: comparing takes a millisecond however many arrive.
_MOST_RECENT = 300

# The ORM cannot join a list of vectors with rows. Materialised, so that vectors are neither parsed from text nor
# fetched from their rows again for each pair.
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
    """Return the company of each of ``messages``; their ``vectors`` are (512,) of unit length. At most three queries.

    People are counted only for live messages that ``may_grow``.
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
    """Return how many earlier messages by the same person, in any thread, report the same matter as each message."""
    said: dict[int, dict[int, Vector]] = defaultdict(dict)
    # The messages of this batch have no stored vectors yet.
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
    """Add what the writers of ``messages`` said before to ``said``, {customer: {message: vector}}.

    No query when all of them write for the first time, as most people do.
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
    """Return, by place, how many people (writer included) said the same in the hour up to the newest message."""
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
