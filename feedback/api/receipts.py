"""The response to a sender whose message was stored."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils import timezone
from rest_framework.response import Response

from feedback.api.submission import told_at_once, what_next
from feedback.intake.links import status_link
from feedback.intake.services import Receipt


def answer(receipt: Receipt) -> Response:
    """Return a 201 response, or 200 with Idempotent-Replay when the same request was stored before."""
    if receipt.is_new:
        return Response(described(receipt), status=201)
    return Response(described(receipt), status=200, headers={"Idempotent-Replay": "true"})


def described(receipt: Receipt) -> dict[str, Any]:
    """Return ``receipt`` in the shape that ReceiptOut describes. One query at most."""
    feedback, message = receipt.feedback, receipt.message
    return {
        "id": feedback.public_id,
        "number": feedback.number,
        "message_id": message.public_id,
        "state": feedback.state,
        "received_at": message.received_at.astimezone(UTC),
        "status_url": status_link(feedback),
        "next": what_next(message, feedback, at=timezone.now()),
        "first_answer": told_at_once(receipt),
    }
