"""What every kind of channel is: a way to understand what came in, and to send what goes out.

Adding a channel is one folder with an object of this shape and one line in ``registry.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from feedback.intake.incoming import Incoming
from feedback.intake.models import Message, RawMessage
from users.profiles.models import Address


class NotUnderstood(Exception):
    """The raw message is not what this channel's messages look like; it is kept and shown to a person."""


class SendState(Enum):
    SENT = "sent"
    #: The far side may take it later: the same delivery is tried again.
    TRY_LATER = "try_later"
    #: The far side refused for good: no further try.
    REFUSED = "refused"
    #: Nothing is set up to send with: kept, and shown to people in the admin.
    HELD = "held"


@dataclass(frozen=True)
class SendResult:
    """What came of one try; ``detail`` is for operators and holds no text of the message."""

    state: SendState
    external_id: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message on its way to one address.

    ``external_id`` is the same at every try (for mail the Message-ID), so that a second copy can be
    recognised. ``in_reply_to`` are the channel's ids of the thread so far, oldest first.
    """

    message: Message
    address: Address
    external_id: str
    language: str
    subject: str = ""
    in_reply_to: tuple[str, ...] = field(default=())
    status_link: str = ""


class ChannelKindContract(Protocol):
    """One kind of channel. Objects are stateless; everything configured is in the Channel row."""

    kind: str
    #: Address kinds that ``send`` can reach; empty: answers are shown by the API only.
    reaches: frozenset[str]

    def parse(self, raw: RawMessage) -> Incoming:
        """Understand ``raw``. Pure but for reading ``raw.channel``. Raises NotUnderstood."""

    def send(self, outgoing: Outgoing) -> SendResult:
        """Try to send once, within 5 s. Never raises for what the far side does."""

    def check_config(self, config: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with a channel's settings, in words fit to show; empty when fine."""
