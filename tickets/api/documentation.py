"""OpenAPI documentation of the ticket endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from config.kit.documentation import CURSOR, IDEMPOTENCY_KEY, LIMIT, Body, Operation
from tickets.api import serializers as shapes
from tickets.desk.models import Status

TICKETS = "tickets"
TICKET: dict[str, Any] = {
    "id": "b6a1f4de-9a52-4f0c-8c2e-1d5f1b7d9c11",
    "number": "E-10042",
    "feedback_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "subject": "上传失败",
    "customer": {"id": "9b2f5c1e-63a8-4a55-8a5c-0c5b8e7a1d20", "name": "Kim"},
    "channel": "app",
    "app_version": "9.4.1",
    "platform": "android",
    "status": "new",
    "priority": "urgent",
    "queue": "crisis",
    "assignee": None,
    "topic": "account",
    "language": "zh",
    "sentiment": -0.7,
    "urgency": 0.93,
    "lane": "red",
    "category": "security",
    "flags": ["repeat"],
    "is_sensitive": False,
    "origin": "live",
    "opened_at": "2026-11-24T03:04:06Z",
    "updated_at": "2026-11-24T03:04:06Z",
    "due_at": "2026-11-24T03:19:06Z",
    "snoozed_until": None,
    "first_replied_at": None,
    "solved_at": None,
    "version": 2,
    "merged_into": None,
    "split_from": None,
}
_MESSAGE: dict[str, Any] = {
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "author": "customer",
    "author_name": "Kim",
    "text": "我的账号被盗了，钱也没了",
    "sent_at": "2026-11-24T03:04:05Z",
    "is_erased": False,
}
_SENT_FILE = {
    "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
    "filename": "screen.png",
    "content_type": "image/png",
    "size_bytes": 48211,
    "url": f"https://feedback.example.org/api/v1/tickets/{TICKET['id']}/attachments/16fd2706-8baf-433b-82eb-8c7fada847da",
}
WHOLE: dict[str, Any] = {
    "ticket": TICKET,
    "merged": [{"id": "1f0c2d44-3b7a-4c50-9d0e-6b2a9f3c7e21", "number": "E-10039"}],
    "tags": ["refund"],
    "messages": [_MESSAGE | {"attachments": [_SENT_FILE]}],
    "events": [
        {
            "kind": "opened",
            "at": "2026-11-24T03:04:06Z",
            "actor": None,
            "old": "",
            "new": "support",
            "note": "",
        }
    ],
}
PLACE = {
    "ticket": TICKET,
    "category": "security",
    "lane": "red",
    "entered_at": "2026-11-24T03:04:06Z",
    "ack_due_at": "2026-11-24T03:19:06Z",
    "acknowledged_at": None,
    "acknowledged_by": None,
    "steps_taken": 1,
    "next_step_at": "2026-11-24T03:09:06Z",
    "is_overdue": False,
}
LIST = Operation(
    "listTickets",
    TICKETS,
    {200: Body(shapes.TicketPageOut, {"results": [TICKET], "next": None})},
    refuses=(401, 403, 422),
    parameters=(
        CURSOR,
        LIMIT,
        OpenApiParameter("status", str, enum=Status.values),
        OpenApiParameter("queue", str, description="Its slug."),
        OpenApiParameter("assignee", str, description="A user name, or ``none``."),
        OpenApiParameter(
            "updated_since",
            OpenApiTypes.DATETIME,
            description="What changed from then on: ask again with the latest ``updated_at`` that you saw.",
        ),
    ),
)
READ = Operation("readTicket", TICKETS, {200: Body(shapes.WholeTicketOut, WHOLE)}, refuses=(401, 403, 404))
_REFUSES = (400, 401, 403, 404, 409, 413, 415, 422)
_REPLIED = {
    "message": _MESSAGE | {"author": "agent", "author_name": "Ana", "text": "请先看附件里的步骤。"},
    "ticket": TICKET | {"status": "waiting_customer", "version": 3},
}
_FILE = {
    "id": "2c5ea4c0-4067-4fe9-8b0d-0b0f3f6b6a11",
    "filename": "步骤.pdf",
    "content_type": "application/pdf",
    "size_bytes": 18231,
}
REPLY = Operation(
    "replyToTicket",
    TICKETS,
    {201: Body(shapes.RepliedOut, _REPLIED), 200: Body(shapes.RepliedOut, _REPLIED)},
    takes=Body(
        shapes.ReplyIn,
        {"text": "请先看附件里的步骤。", "files": [_FILE["id"]], "then": "waiting_customer", "version": 2},
    ),
    refuses=_REFUSES,
    parameters=(IDEMPOTENCY_KEY,),
)
NOTE = Operation(
    "noteOnTicket",
    TICKETS,
    {
        201: Body(
            shapes.TicketEventOut,
            WHOLE["events"][0] | {"kind": "noted", "actor": "ana", "new": "", "note": "疑似诈骗"},
        )
    },
    takes=Body(shapes.NoteIn, {"text": "疑似诈骗"}),
    refuses=_REFUSES,
)
ACT = Operation(
    "actOnTicket",
    TICKETS,
    {200: Body(shapes.TicketOut, TICKET | {"assignee": "ana", "version": 3}), 204: Body()},
    takes=Body(shapes.ActionIn, {"action": "assign", "value": "ana", "version": 2}),
    refuses=_REFUSES,
)
ADD_FILE = Operation(
    "addFileToTicket",
    TICKETS,
    {201: Body(shapes.DraftFileOut, _FILE)},
    forms={
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    },
    refuses=_REFUSES,
)
REMOVE_FILE = Operation("removeFileFromTicket", TICKETS, {204: Body()}, refuses=(401, 403, 404))
DOWNLOAD = Operation(
    "downloadTicketAttachment",
    TICKETS,
    {200: Body(OpenApiTypes.BINARY, media_type="application/octet-stream")},
    refuses=(401, 403, 404),
)
CRISIS = Operation(
    "readCrisisQueue",
    TICKETS,
    {200: Body(shapes.CrisisQueueOut, {"waiting": 1, "results": [PLACE]})},
    refuses=(401, 403),
)

SUMMARIES = "summaries"
_HEAD = {
    "id": "5f2b8f0e-6f0c-4a0e-9d36-0d1a1c1b7e55",
    "title": "2026-10",
    "state": "published",
    "messages": 812,
    "people": 590,
}
LIST_SUMMARIES = Operation(
    "listSummaries",
    SUMMARIES,
    {200: Body(OpenApiTypes.OBJECT, {"results": [_HEAD], "next": None})},
    refuses=(401, 403, 422),
    parameters=(CURSOR, LIMIT),
)
READ_SUMMARY = Operation(
    "readSummary",
    SUMMARIES,
    {200: Body(OpenApiTypes.OBJECT, _HEAD | {"pain_points": []})},
    refuses=(401, 403, 404),
)
COMPARE_SUMMARIES = Operation(
    "compareSummaries",
    SUMMARIES,
    {
        200: Body(
            OpenApiTypes.OBJECT,
            {
                "before": {"id": "0b0e4c3a-8f4f-4a39-9c5e-2f3a5f3d2a11", "title": "2026-09", "people": 628},
                "after": {"id": "5a3c2f10-6d0f-4f6c-8e2b-7a1d7f1f2b22", "title": "2026-10", "people": 989},
                "themes": [
                    {
                        "theme": "9d1a7c52-3b5e-4d2f-9a60-5c1e8e2f3c33",
                        "names": {"en": "Upload stuck at 99", "zh-hans": "上传卡在99%"},
                        "is_praise": False,
                        "difference": "same",
                        "before": {"rank": 1, "people": 56, "share": 0.089172, "severity": 0.51},
                        "after": {"rank": 3, "people": 80, "share": 0.08089, "severity": 0.5},
                        "ratio": 0.9081,
                        "ratio_low": 0.4701,
                        "ratio_high": 1.7541,
                    }
                ],
            },
        )
    },
    refuses=(401, 403, 404),
)
