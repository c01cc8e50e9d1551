"""The contract of a kind of channel: how it parses what comes in and sends what goes out.

Adding a channel takes one folder with an object of this shape and one line in ``registry.py``.
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
    """The raw message does not look like one of this channel's; it is kept and shown to a person."""


class SendState(Enum):
    SENT = "sent"
    #: The remote side may accept it later: the same delivery is retried.
    TRY_LATER = "try_later"
    #: The remote side refused permanently: no retry.
    REFUSED = "refused"
    #: No way to send is configured: kept, and shown in the admin.
    HELD = "held"


@dataclass(frozen=True)
class SendResult:
    """The result of one attempt; ``detail`` is for operators and contains no text of the message."""

    state: SendState
    external_id: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message on its way to one address.

    ``external_id`` is the same at every attempt (for mail the Message-ID), so that a duplicate can be
    recognised. ``in_reply_to`` holds the channel's ids of the thread so far, oldest first.
    """

    message: Message
    address: Address
    external_id: str
    language: str
    subject: str = ""
    in_reply_to: tuple[str, ...] = field(default=())
    status_link: str = ""


class ChannelKindContract(Protocol):
    """One kind of channel. Objects are stateless; all configuration is in the Channel row."""

    kind: str
    #: Address kinds that ``send`` can reach; when empty, only the API shows answers.
    reaches: frozenset[str]

    def parse(self, raw: RawMessage) -> Incoming:
        """Parse ``raw``. Pure except for reading ``raw.channel``. Raises NotUnderstood."""

    def send(self, outgoing: Outgoing) -> SendResult:
        """Try to send once, within 5 s. Never raises because of the remote side."""

    def check_config(self, config: Mapping[str, Any]) -> list[str]:
        """Return the problems with a channel's settings, in words fit to show; empty when there are none."""
