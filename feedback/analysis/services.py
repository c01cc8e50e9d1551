"""Assess stored messages, once, with what is known of their senders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from feedback.analysis.assess import Assessed, Context, assess, assess_many
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import Assessment, Correction, MessageVector
from feedback.intake.models import Direction, Message
from users.accounts.models import User


def context_of(message: Message) -> Context:
    """Return what is known outside the text: profile, and how often this person asked before."""
    thread = list(
        Message.objects.filter(feedback_id=message.feedback_id, direction=Direction.IN, pk__lt=message.pk)
        .order_by("-pk")
        .values_list("text", flat=True)[:10]
    )
    return Context(
        profile_language=message.feedback.language or message.channel.language or None,
        times_reported_before=len(thread),
        is_minor=message.feedback.customer.is_minor,
        thread_texts=tuple(thread),
    )


def assess_message(message: Message) -> Assessed:
    """Assess ``message`` in its context. Reads the database, writes nothing; about 10 ms."""
    return assess(full_text(message), context=context_of(message))


def assess_messages(messages: Sequence[Message]) -> list[Assessed]:
    """Assess a batch without thread context, in order: imports, which are single messages."""
    return assess_many([full_text(message) for message in messages])


def full_text(message: Message) -> str:
    """Return what is assessed: the text, headed by the subject where it opens the thread and adds words."""
    subject = message.feedback.subject
    if not subject or subject in message.text:
        return message.text
    return f"{subject}\n{message.text}"


@transaction.atomic(savepoint=False)
def store(message: Message, assessed: Assessed, *, at: datetime) -> Assessment:
    """Write what the analysis found of ``message``; a second time replaces the first. Two queries."""
    assessment = Assessment(
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
    _replace(assessment)
    if assessed.vector is not None:
        _replace(MessageVector(message=message, vector=assessed.vector, encoder=ENCODER))
    return assessment


def _replace(row: Assessment | MessageVector) -> None:
    names = [f.name for f in row._meta.concrete_fields if not f.primary_key and f.name != "message"]
    type(row)._default_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=["message"], update_fields=names
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
