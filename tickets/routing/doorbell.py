"""The outbox handler of received messages: assess them, then admit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.analysis.assess import Assessed
from feedback.analysis.search import index_messages
from feedback.analysis.services import assess_in_context, store_many
from feedback.intake.holdings import unerased
from feedback.intake.models import Message
from feedback.intake.services import MESSAGE_RECEIVED
from tickets.queues.services import recall
from tickets.routing.services import active_rules, admit_many


@dataclass(frozen=True)
class Heard:
    """A message, which never changes, and its assessment, not yet stored."""

    message: Message
    assessed: Assessed


def assess_received(message_ids: Sequence[int], at: datetime) -> list[Heard]:
    """Assess messages outside any transaction, in one batch, in the order of ``message_ids``; a few ms each."""
    found = Message.objects.select_related("feedback__customer", "feedback__channel", "channel").in_bulk(
        list(message_ids)
    )
    messages = [found[message_id] for message_id in message_ids]
    assessed = assess_in_context(messages)
    # Read here, because what is read inside the following transaction is not cached.
    recall()
    active_rules()
    return [Heard(*pair) for pair in zip(messages, assessed, strict=True)]


def admit_received(message_ids: Sequence[int], heard: Sequence[Heard], at: datetime) -> None:
    """Write assessments, tickets and search entries, in the transaction that marks the outbox rows done.

    Messages of customers erased since they were read are left out.
    """
    left = unerased(one.message for one in heard)
    heard = [one for one in heard if one.message.pk in left]
    messages = [one.message for one in heard]
    assessments = store_many(messages, [one.assessed for one in heard], at=at)
    admit_many(list(zip(messages, assessments, strict=True)), at=at)
    index_messages(messages)


MESSAGE_RECEIVED_HANDLER = Handler(
    kind=MESSAGE_RECEIVED, lane=Lane.CRISIS, work_many=assess_received, effect_many=admit_received
)
