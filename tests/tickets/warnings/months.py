"""A night on which nobody gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from config.kit.origins import Origin
from feedback.analysis.services import assess_messages, store
from feedback.intake.models import Message
from tests.people import said

NIGHT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LOCKED_OUT = [
    "I cannot log in, the code never arrives",
    "cannot log in any more, no verification code",
    "login does not work, the code does not arrive",
    "no login code arrives, I cannot log in",
]


def cannot_log_in(
    people: int, *, at: datetime = NIGHT, who: str = "b", origin: str = Origin.LIVE
) -> list[Message]:
    """Receive and assess a complaint of each of so many people within the hour before ``at``."""
    messages = [
        said(
            LOCKED_OUT[number % len(LOCKED_OUT)],
            by=f"{who}{number}@example.org",
            at=at - timedelta(minutes=59) + timedelta(minutes=58) * number / people,
            origin=origin,
        ).message
        for number in range(people)
    ]
    loaded = Message.objects.select_related("feedback", "channel").filter(pk__in=[m.pk for m in messages])
    batch = list(loaded.order_by("pk"))
    with transaction.atomic():
        for message, assessed in zip(batch, assess_messages(batch), strict=True):
            store(message, assessed, at=at)
    return batch
