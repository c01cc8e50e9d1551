"""What every channel hands to ``receive()``."""

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
    """One utterance as a channel understood it. Texts are cleaned by ``receive()``, not by the channel.

    ``external_id`` is the channel's own name of the message; with the text's hash it makes the message
    exist once. ``thread`` is the feedback that the channel *proved* it belongs to; ``mentions`` one that
    it only names. ``raw`` is the stored original: bytes to store with it, or a row stored before.
    ``contact`` is where to answer someone whom ``handle`` names but does not reach. ``is_confirmed`` owes the sender
    the word that it arrived, which whoever answers sends. ``taken_down_by`` is the colleague who wrote it down for a
    customer who did not write.
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
