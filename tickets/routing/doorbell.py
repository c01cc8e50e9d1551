"""What the outbox runs for each received message: assess it, then admit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.analysis.assess import Assessed
from feedback.analysis.search import index_messages
from feedback.analysis.services import assess_message, assess_messages, store, store_many
from feedback.intake.models import Message
from feedback.intake.services import MESSAGE_RECEIVED
from tickets.routing.services import admit, close_history


def _message(message_id: int) -> Message:
    return Message.objects.select_related("feedback__customer", "feedback__channel", "channel").get(
        pk=message_id
    )


@dataclass(frozen=True)
class Heard:
    """A message, which never changes, and what the analysis made of it."""

    message: Message
    assessed: Assessed


def assess_one(message_id: int, at: datetime) -> Heard:
    """Assess the message outside any transaction; about 10 ms of CPU."""
    message = _message(message_id)
    return Heard(message, assess_message(message))


def assess_batch(message_ids: Sequence[int], at: datetime) -> list[Heard]:
    """Assess a batch of imported messages at once, in the order of ``message_ids``."""
    messages = Message.objects.select_related("feedback__customer", "feedback__channel", "channel").in_bulk(
        list(message_ids)
    )
    in_order = [messages[message_id] for message_id in message_ids]
    return [Heard(*pair) for pair in zip(in_order, assess_messages(in_order), strict=True)]


def admit_one(message_id: int, heard: Heard, at: datetime) -> None:
    """Write the assessment, its ticket and the search entry, in the transaction that marks the outbox row done."""
    admit(heard.message, store(heard.message, heard.assessed, at=at), at=at)
    index_messages([heard.message])


def admit_batch(message_ids: Sequence[int], heard: Sequence[Heard], at: datetime) -> None:
    """Write a batch's assessments at once, close what of it nobody need see, and admit the rest one by one."""
    messages = [one.message for one in heard]
    assessments = store_many(messages, [one.assessed for one in heard], at=at)
    rest = close_history(list(zip(messages, assessments, strict=True)))
    for message, assessment in rest:
        admit(message, assessment, at=at)
    index_messages(messages)


MESSAGE_RECEIVED_HANDLER = Handler(
    kind=MESSAGE_RECEIVED,
    lane=Lane.CRISIS,
    work=assess_one,
    work_many=assess_batch,
    effect=admit_one,
    effect_many=admit_batch,
)
