"""All kinds of channels. A new one takes a folder and a line here."""

from __future__ import annotations

from feedback.channels.contract import ChannelKindContract
from feedback.channels.email.kind import EMAIL
from feedback.channels.table.kind import TABLE
from feedback.intake.models import Channel

KINDS: dict[str, ChannelKindContract] = {kind.kind: kind for kind in (EMAIL, TABLE)}


def kind_of(channel: Channel) -> ChannelKindContract | None:
    """Return the kind of ``channel``, or None if only its own endpoint serves it."""
    return KINDS.get(channel.kind)


def kind_reaching(address_kind: str) -> ChannelKindContract | None:
    """Return the kind of channel that can send to an address of ``address_kind``, or None."""
    return next((kind for kind in KINDS.values() if address_kind in kind.reaches), None)
