"""Assess stored messages with what is known about their senders, and store the results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import models, transaction

from feedback.analysis.assess import Assessed, Context, assess_many
from feedback.analysis.company import company_of
from feedback.analysis.corrections import current_lessons
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import Assessment, Correction, MessageVector
from feedback.analysis.texts import full_text
from feedback.intake.models import Message
from users.accounts.models import User


def context_of(message: Message) -> Context:
    """Return what is known about ``message`` apart from its text. No query if channel and customer were loaded."""
    return Context(
        profile_language=message.feedback.language or message.channel.language or None,
        is_minor=message.feedback.customer.is_minor,
    )


def assess_in_context(messages: Sequence[Message]) -> list[Assessed]:
    """Assess a batch, in order, with its senders' profiles, their company and people's corrections.

    Reads the database, writes nothing.
    """
    return assess_many(
        [full_text(message) for message in messages],
        contexts=[context_of(message) for message in messages],
        compare=partial(company_of, messages),
        lessons=current_lessons(),
    )


def assess_messages(messages: Sequence[Message]) -> list[Assessed]:
    """Assess a batch, in order, with people's corrections but no context: each message on its own."""
    return assess_many([full_text(message) for message in messages], lessons=current_lessons())


def store(message: Message, assessed: Assessed, *, at: datetime) -> Assessment:
    """Store the assessment of ``message``, replacing an earlier one. Two queries."""
    return store_many([message], [assessed], at=at)[0]


@transaction.atomic(savepoint=False)
def store_many(
    messages: Sequence[Message], assessed: Sequence[Assessed], *, at: datetime
) -> list[Assessment]:
    """Store the assessments of distinct ``messages``, in the same order. Two queries in total."""
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
    """Return the assessment of ``message`` as an unsaved row."""
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
