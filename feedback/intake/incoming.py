"""What every channel passes to ``receive()``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from config.kit.origins import Origin
from feedback.intake.models import Channel, Feedback, RawMessage
from users.accounts.models import User
from users.profiles.models import Customer
from users.profiles.services import Handle


@dataclass(frozen=True)
class IncomingFile:
    """An attachment before it is stored; ``filename`` and ``content_type`` are only claims."""

    filename: str
    content: bytes
    content_type: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Incoming:
    """One message as parsed by a channel. Texts are cleaned by ``receive()``, not by the channel.

    ``external_id`` is the channel's own id of the message; together with the hash of the text it makes the
    message unique. ``thread`` is the feedback it *provably* belongs to; ``mentions`` one that it only names.
    ``raw`` is the original: bytes to store with the message, or a row stored earlier. ``contact`` is where to
    answer when ``handle`` identifies the sender but cannot be written to. ``is_confirmed`` requests an
    acknowledgement to the sender, which is sent by the part that sends answers. ``taken_down_by`` is the
    colleague who recorded the message for a customer who did not write it.
    """

    channel: Channel
    external_id: str
    text: str
    sent_at: datetime
    handle: Handle | None = None
    contact: Handle | None = None
    customer: Customer | None = None
    thread: Feedback | None = None
    mentions: Feedback | None = None
    subject: str = ""
    html: str = ""
    rating: int | None = None
    topic_hint: str = ""
    language: str = ""
    app_version: str = ""
    platform: str = ""
    device: str = ""
    page: str = ""
    attachments: tuple[IncomingFile, ...] = field(default=())
    raw: RawMessage | bytes | None = None
    raw_media_type: str = "application/octet-stream"
    origin: Origin = Origin.LIVE
    is_automatic: bool = False
    is_confirmed: bool = False
    taken_down_by: User | None = None
