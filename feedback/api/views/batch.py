"""Many feedback at once, each with its own result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.problems import body_of, problem_of
from feedback.api import documentation
from feedback.api.receipts import described
from feedback.api.requests import as_json, key_of, sender_in
from feedback.api.serializers import BatchIn, BatchItemIn, submission_of
from feedback.api.submission import submit
from feedback.api.throttles import SubmitView
from feedback.intake.services import Receipt
from users.accounts.models import Scope
from users.api.policies import Audience, Policy


@dataclass(frozen=True)
class Result:
    """The result of one item: a receipt, or the error that refused it."""

    receipt: Receipt | None = None
    error: Exception | None = None


@documented(post=documentation.BATCH)
class FeedbackBatch(SubmitView):
    policies = {"POST": Policy(Audience.LOGGED_IN, Scope.WRITE_FEEDBACK)}

    def post(self, request: Request) -> Response:
        """Submit up to 100 feedback at once.

        Each item is stored or rejected on its own.
        """
        given, at = read(BatchIn, request.data), timezone.now()
        results = [take(item, request, at=at) for item in given["items"]]
        shown = [in_words(result, index, request) for index, result in enumerate(results)]
        return Response({"results": shown}, status=207)


def take(item: Any, request: Request, *, at: datetime) -> Result:
    """Store ``item`` like a request of its own; return its receipt or the error that refused it."""
    try:
        values = read(BatchItemIn, item)
        sender = sender_in(request, named=values.get("customer"), at=at)
        key = key_of(values.get("idempotency_key", ""), sender.principal, name="idempotency_key")
        raw = as_json({**item, "attachments": len(item.get("attachments", []))})
        submission = submission_of(values, files=(), raw=raw)
        return Result(receipt=submit(sender, submission, at=at, key=key))
    except Exception as error:
        # An error that is not the item's fault fails the whole request; idempotency keys make a retry safe.
        if problem_of(error) is None:
            raise
        return Result(error=error)


def in_words(result: Result, index: int, request: Request) -> dict[str, Any]:
    """Return ``result`` in the shape that BatchResultOut describes."""
    if result.receipt is not None:
        status = 201 if result.receipt.is_new else 200
        return {"index": index, "status": status, "receipt": described(result.receipt), "problem": None}
    problem = problem_of(result.error) if result.error else None
    assert problem is not None
    return {
        "index": index,
        "status": problem.status,
        "receipt": None,
        "problem": body_of(problem, request._request),
    }
