"""Submit feedback, read and continue one's own."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.parsers import BoundedMultiPartParser, StrictJSONParser
from feedback.api.requests import fields_of, files_of, key_of, raw_of
from feedback.api.serializers import FeedbackIn, ReceiptOut
from feedback.api.submission import sender_of, submit, told_at_once, what_next
from feedback.intake.links import status_link
from feedback.intake.services import Receipt
from users.accounts.models import Scope
from users.api.policies import Audience, Policy, token_of


def described(receipt: Receipt) -> dict[str, Any]:
    """Return what the sender is told of ``receipt``."""
    feedback, message = receipt.feedback, receipt.message
    return ReceiptOut(
        {
            "id": feedback.public_id,
            "number": feedback.number,
            "message_id": message.public_id,
            "state": feedback.state,
            "received_at": message.received_at,
            "status_url": status_link(feedback),
            "next": what_next(receipt, at=timezone.now()),
            "first_answer": told_at_once(receipt),
        }
    ).data


def answer(receipt: Receipt) -> Response:
    """Answer 201, or 200 with Idempotent-Replay when this very request was stored before."""
    if receipt.is_new:
        return Response(described(receipt), status=201)
    return Response(described(receipt), status=200, headers={"Idempotent-Replay": "true"})


class FeedbackCollection(APIView):
    """Submit feedback; list one's own."""

    parser_classes = [StrictJSONParser, BoundedMultiPartParser]
    policies = {
        "POST": Policy(Audience.ANYBODY, Scope.WRITE_FEEDBACK),
    }

    def post(self, request: Request) -> Response:
        """Take a new feedback."""
        at = timezone.now()
        given = FeedbackIn(data=fields_of(request))
        given.is_valid(raise_exception=True)
        named = given.validated_data.get("customer")
        sender = sender_of(request.user, token_of(request), named=named, at=at)
        key = key_of(request.headers.get("Idempotency-Key", ""), sender.principal)
        submission = given.submission(files=files_of(request), raw=raw_of(request))
        return answer(submit(sender, submission, at=at, key=key))
