"""OpenAPI documentation of the feedback endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from config.kit.documentation import CURSOR, IDEMPOTENCY_KEY, LIMIT, PROBLEMS, Body, Operation
from feedback.api import serializers as shapes

FEEDBACK, STATUS, ME = "feedback", "status link", "me"
_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
_TOKEN = "0f8fad5bd9cb469fa16570867728950e.dDzZ4Xq3nJc0mWlq2Qe8sY1kz3yJ5b7h0p6vUuRtW2s"
_BASE = "https://feedback.example.org"

NEW = {
    "text": "视频上传到 99% 就停了，试了三次。",
    "subject": "上传失败",
    "topic": "bug",
    "language": "zh-Hans",
    "rating": 2,
    "customer": {"account": "u-20417", "email": "kim@example.org", "name": "Kim"},
    "context": {"app_version": "9.4.1", "platform": "android", "device": "Pixel 8", "page": "/upload"},
}
RECEIPT = {
    "id": _ID,
    "number": "E-10042",
    "message_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "state": "received",
    "received_at": "2026-11-24T03:04:05Z",
    "status_url": f"{_BASE}/status/{_TOKEN}",
    "next": {
        "code": "in_line",
        "text": "We read every message. If yours needs an answer, expect it within 1 day.",
        "answer_due_at": "2026-11-25T03:04:05Z",
    },
    "first_answer": None,
}
MESSAGES: list[dict[str, Any]] = [
    {
        "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "author": "customer",
        "author_name": "Kim",
        "text": "视频上传到 99% 就停了，试了三次。",
        "sent_at": "2026-11-24T03:04:05Z",
        "is_erased": False,
        "attachments": [
            {
                "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
                "filename": "screen.png",
                "content_type": "image/png",
                "size_bytes": 48211,
                "url": f"{_BASE}/api/v1/feedback/{_ID}/attachments/16fd2706-8baf-433b-82eb-8c7fada847da",
            }
        ],
    },
    {
        "id": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
        "author": "agent",
        "author_name": "Ana",
        "text": "谢谢，我们正在处理。",
        "sent_at": "2026-11-24T04:00:00Z",
        "is_erased": False,
        "attachments": [],
    },
]
IN_LIST = {
    "id": _ID,
    "number": "E-10042",
    "subject": "上传失败",
    "state": "answered",
    "topic": "bug",
    "rating": 2,
    "language": "zh-Hans",
    "received_at": "2026-11-24T03:04:05Z",
    "last_message_at": "2026-11-24T04:00:00Z",
    "handled_with": None,
}
CONVERSATION = IN_LIST | {
    "messages": MESSAGES,
    "earlier_messages": None,
    "satisfaction": None,
    "may_be_rated": False,
    "part_of": None,
    "parts": [
        {
            "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
            "number": "E-10057",
            "status_url": "https://feedback.example/status/16fd27068baf433b82eb8c7fada847da.Zk3…",
        }
    ],
}
SATISFACTION = {"score": 5, "comment": "很快，谢谢", "at": "2026-11-25T09:00:00Z"}
MESSAGE_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "attachments": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 10},
    },
}
FEEDBACK_FORM: dict[str, Any] = {
    "type": "object",
    "properties": MESSAGE_FORM["properties"]
    | {
        name: {"type": "string"}
        for name in (
            "subject", "topic", "rating", "language", "customer.account", "customer.email", "customer.name",
            "context.app_version", "context.platform", "context.device", "context.page",
        )
    },
}  # fmt: skip
_ACCOUNT = OpenApiParameter("account", str, description="Of an integration: only what this account gave.")
RECEIPTS = {201: Body(shapes.ReceiptOut, RECEIPT), 200: Body(shapes.ReceiptOut, RECEIPT)}
_FILE = {200: Body(OpenApiTypes.BINARY, media_type="application/octet-stream")}
BAD_BODY = (400, 413, 415, 422)

LIST = Operation(
    "listFeedback",
    FEEDBACK,
    {200: Body(shapes.FeedbackPageOut, {"results": [IN_LIST], "next": None})},
    refuses=(401, 403, 422),
    parameters=(CURSOR, LIMIT, _ACCOUNT),
)
SUBMIT = Operation(
    "submitFeedback",
    FEEDBACK,
    RECEIPTS,
    takes=Body(shapes.FeedbackIn, NEW),
    forms=FEEDBACK_FORM,
    refuses=(401, 403, *BAD_BODY),
    parameters=(IDEMPOTENCY_KEY,),
)
BATCH = Operation(
    "submitFeedbackBatch",
    FEEDBACK,
    {
        207: Body(
            shapes.BatchOut,
            {
                "results": [
                    {"index": 0, "status": 201, "receipt": RECEIPT, "problem": None},
                    {"index": 1, "status": 422, "receipt": None, "problem": PROBLEMS[422]},
                ]
            },
        )
    },
    takes=Body(
        shapes.BatchIn,
        {"items": [NEW | {"idempotency_key": "order-77"}, {"text": "hi", "customer": {"email": "kim"}}]},
    ),
    refuses=(401, 403, *BAD_BODY),
)
MY_HISTORY = Operation(
    "readHistory",
    ME,
    {
        200: Body(
            shapes.HistoryOut,
            {
                "results": [
                    {
                        "at": "2026-11-25T09:00:00Z",
                        "kind": "rated",
                        "feedback_id": _ID,
                        "number": "E-10042",
                        "text": "很快，谢谢",
                        "score": 5,
                    }
                ],
                "next": None,
            },
        )
    },
    refuses=(401, 403, 422),
    parameters=(CURSOR, LIMIT),
)


def _following(tag: str, what: str, refuses: tuple[int, ...]) -> dict[str, Operation]:
    """Return the operations on one conversation; its two doors differ only in names and errors."""
    page = {200: Body(shapes.MessagePageOut, {"results": MESSAGES[::-1], "next": None})}
    message = Body(shapes.MessageIn, {"text": "还是不行。"})
    rating = Body(shapes.RatingIn, {"score": 5, "comment": "很快，谢谢"})
    satisfied = Body(shapes.SatisfactionOut, SATISFACTION)
    return {
        "read": Operation(
            f"read{what}", tag, {200: Body(shapes.ConversationOut, CONVERSATION)}, refuses=refuses
        ),
        "page": Operation(
            f"list{what}Messages", tag, page, refuses=(*refuses, 422), parameters=(CURSOR, LIMIT)
        ),
        "add": Operation(
            f"addTo{what}",
            tag,
            RECEIPTS,
            takes=message,
            forms=MESSAGE_FORM,
            refuses=(*refuses, *BAD_BODY),
            parameters=(IDEMPOTENCY_KEY,),
        ),
        "rate": Operation(
            f"rate{what}",
            tag,
            {201: satisfied, 200: satisfied},
            takes=rating,
            refuses=(*refuses, 409, *BAD_BODY),
        ),
        "download": Operation(f"download{what}Attachment", tag, _FILE, refuses=refuses),
    }


OWN = _following(FEEDBACK, "Feedback", (401, 403, 404))
LINKED = _following(STATUS, "Status", (404,))
# The secret link accepts a message at its own URL as well as at the one below it, which the login also has.
LINKED["add_here"] = Operation(
    "answerOnStatus",
    STATUS,
    RECEIPTS,
    takes=LINKED["add"].takes,
    forms=MESSAGE_FORM,
    refuses=LINKED["add"].refuses,
    parameters=(IDEMPOTENCY_KEY,),
)
