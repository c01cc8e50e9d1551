"""A kind of channel that sends nothing and remembers what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedback.channels.contract import NotUnderstood, Outgoing, SendResult, SendState
from feedback.intake.incoming import Incoming
from feedback.intake.models import RawMessage


class RecordingKind:
    """Reaches e-mail addresses; answers with ``results`` in turn, then with SENT."""

    kind = "email"
    reaches = frozenset({"email"})

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.results: list[SendResult] = []

    def parse(self, raw: RawMessage) -> Incoming:
        raise NotUnderstood

    def send(self, outgoing: Outgoing) -> SendResult:
        self.sent.append(outgoing)
        return self.results.pop(0) if self.results else SendResult(SendState.SENT)

    def check_config(self, config: Mapping[str, Any]) -> list[str]:
        return []
