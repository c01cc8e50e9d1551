"""Assess stored messages, once, with what is known of their senders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import models, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from feedback.analysis.assess import Assessed, Context, assess_many
from feedback.analysis.company import company_of
from feedback.analysis.corrections import current_lessons
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import Assessment, Correction, MessageVector
from feedback.analysis.texts import full_text
from feedback.intake.models import Direction, Message
from users.accounts.models import User

#: How many of the person's earlier messages count.
_MOST_BEFORE = 10


def contexts_of(messages: Sequence[Message]) -> list[Context]:
    """Return for each of ``messages`` what is known outside its text: profile, and what was written in the thread.

    One query, besides what ``messages`` do not hold of ``feedback__customer`` and ``channel``.
    """
    before = _said_before(messages)
    return [
        Context(
            profile_language=message.feedback.language or message.channel.language or None,
            is_minor=message.feedback.customer.is_minor,
            thread_texts=before[message.pk],
        )
        for message in messages
    ]


def _said_before(messages: Sequence[Message]) -> dict[int, tuple[str, ...]]:
    """Return by message the person's latest earlier texts of its thread, the oldest first."""
    threads: dict[int, list[tuple[int, str]]] = defaultdict(list)
    earlier = Message.objects.filter(
        feedback__in={message.feedback_id for message in messages},
        direction=Direction.IN,
        pk__lt=max((message.pk for message in messages), default=0),
    )
    # A thread may hold thousands: only the latest of each are fetched.
    newest_first = Window(RowNumber(), partition_by="feedback", order_by=F("pk").desc())
    latest = earlier.annotate(recency=newest_first).filter(recency__lte=_MOST_BEFORE + len(messages))
    for feedback_id, message_id, text in latest.order_by("-pk").values_list("feedback_id", "pk", "text"):
        threads[feedback_id].append((message_id, text))
    return {
        message.pk: tuple(
            text for message_id, text in threads[message.feedback_id] if message_id < message.pk
        )[:_MOST_BEFORE][::-1]
        for message in messages
    }


def assess_in_context(messages: Sequence[Message]) -> list[Assessed]:
    """Assess a batch, in order, with its senders' profiles, threads and company, and by what people corrected.

    Reads the database, writes nothing.
    """
    return assess_many(
        [full_text(message) for message in messages],
        contexts=contexts_of(messages),
        compare=partial(company_of, messages),
        lessons=current_lessons(),
    )


def assess_messages(messages: Sequence[Message]) -> list[Assessed]:
    """Assess a batch, in order, by what people corrected: each message as if it came alone."""
    return assess_many([full_text(message) for message in messages], lessons=current_lessons())


def store(message: Message, assessed: Assessed, *, at: datetime) -> Assessment:
    """Write what the analysis found of ``message``; a second time replaces the first. Two queries."""
    return store_many([message], [assessed], at=at)[0]


@transaction.atomic(savepoint=False)
def store_many(
    messages: Sequence[Message], assessed: Sequence[Assessed], *, at: datetime
) -> list[Assessment]:
    """Write what the analysis found of different ``messages``, in their order. Two queries for all of them."""
    assessments = [assessment_of(*pair, at=at) for pair in zip(messages, assessed, strict=True)]
    _replace(Assessment, assessments)
    _replace(
        MessageVector,
        [
            MessageVector(message=message, vector=one.vector, encoder=ENCODER)
            for message, one in zip(messages, assessed, strict=True)
            if one.vector is not None
        ],
    )
    return assessments


def assessment_of(message: Message, assessed: Assessed, *, at: datetime) -> Assessment:
    """Return the row, not yet saved, of what the analysis found of ``message``."""
    return Assessment(
        message=message,
        language=assessed.language,
        language_confidence=assessed.language_confidence,
        sentiment=assessed.sentiment,
        is_sentiment_sure=assessed.sentiment_confidence != "low",
        tone=assessed.tone,
        urgency=assessed.urgency,
        lane=assessed.lane,
        categories=[list(pair) for pair in assessed.categories],
        topic=assessed.topic,
        flags=list(assessed.flags),
        reasons=list(assessed.reasons),
        model_version=assessed.model_version,
        assessed_at=at,
    )


def _replace(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    names = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name != "message"]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["message"], update_fields=names
    )


@transaction.atomic
def correct(
    message: Message, *, field: str, new: str, actor: User, at: datetime, reason: str = ""
) -> Correction:
    """Record that ``actor`` overruled ``field`` of the assessment of ``message``."""
    assessment = Assessment.objects.get(message=message)
    return Correction.objects.create(
        message=message,
        field=field,
        old=str(getattr(assessment, field))[:60],
        new=new[:60],
        reason=reason[:300],
        actor=actor,
        at=at,
    )
