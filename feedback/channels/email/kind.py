"""E-mail as a kind of channel: the contract's three functions, nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from feedback.channels.contract import Outgoing, SendResult, SendState
from feedback.channels.email.compose import NotAddressable, compose
from feedback.channels.email.mailbox import BadSettings, Server, read_mailbox
from feedback.channels.email.sandbox import parse_safely
from feedback.channels.email.smtp import Envelope, hand_over
from feedback.channels.email.understanding import SetAside, incoming_of
from feedback.intake.incoming import Incoming
from feedback.intake.models import ChannelKind, RawMessage
from users.profiles.models import AddressKind


class EmailKind:
    kind: str = ChannelKind.EMAIL
    reaches: frozenset[str] = frozenset({AddressKind.EMAIL})

    def parse(self, raw: RawMessage) -> Incoming:
        """Parse ``raw`` in a child process; notices and automatic answers are not messages."""
        mail = parse_safely(bytes(raw.content))
        if mail.bounce:
            raise SetAside("bounce")
        return incoming_of(raw, mail)

    def send(self, outgoing: Outgoing) -> SendResult:
        """Send over the mailbox's own server, or over EMAIL_URL if it has none."""
        try:
            composed = compose(outgoing)
        except NotAddressable as refused:
            return SendResult(SendState.REFUSED, detail=str(refused))
        server = composed.mailbox.smtp if composed.mailbox and composed.mailbox.smtp else default_server()
        if server is None:
            return SendResult(
                SendState.HELD, detail=gettext_noop("no mail server: set EMAIL_URL or the mailbox's smtp")
            )
        envelope = Envelope(composed.envelope_from, composed.recipient, composed.content)
        result = hand_over(server, envelope)
        return SendResult(result.state, external_id=composed.message_id, detail=result.detail)

    def check_config(self, config: Mapping[str, Any]) -> list[str]:
        try:
            read_mailbox(config, os.environ)
        except BadSettings as wrong:
            return wrong.problems
        return []


def default_server() -> Server | None:
    """Return the server of EMAIL_URL, None when no mail is sent."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return None
    security = "ssl" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        security,
        settings.EMAIL_HOST_USER or "",
        settings.EMAIL_HOST_PASSWORD or "",
    )


EMAIL = EmailKind()
