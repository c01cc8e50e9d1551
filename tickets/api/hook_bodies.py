"""OpenAPI documentation of what webhooks send: one entry for each event, with an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickets.api.documentation import TICKET
from tickets.hooks.models import HookEvent
from tickets.hooks.payloads import INTEGRATION_EVENTS, STAFF_EVENTS

_URL = "https://feedback.example.org/api/v1"
_NAMES = ("id", "number", "status", "priority", "queue", "assignee", "category")
_TICKET = {name: TICKET[name] for name in _NAMES} | {"url": f"{_URL}/tickets/{TICKET['id']}"}
_FEEDBACK = {
    "id": TICKET["feedback_id"],
    "number": TICKET["number"],
    "state": "in_progress",
    "url": f"{_URL}/feedback/{TICKET['feedback_id']}",
}
_SAID = {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "author": "customer"}
_SUMMARY = "5f2b8f0e-6f0c-4a0e-9d36-0d1a1c1b7e55"

#: What is sent in addition to the ticket and the actor.
_BESIDE: Mapping[HookEvent, Mapping[str, Any]] = {
    HookEvent.TICKET_OPENED: {"message": _SAID},
    HookEvent.TICKET_STATUS: {"old": "waiting_customer", "new": "waiting_us"},
    HookEvent.TICKET_PRIORITY: {"old": "normal", "new": "urgent"},
    HookEvent.TICKET_ASSIGNED: {"old": None, "new": "ana", "actor": "ana"},
    HookEvent.TICKET_QUEUE: {"old": "support", "new": "crisis"},
    HookEvent.TICKET_MERGED: {"into": "E-10039", "actor": "ana"},
    HookEvent.TICKET_UNMERGED: {"from": "E-10039", "actor": "ana"},
    HookEvent.TICKET_URGENT: {"message": _SAID},
    HookEvent.TICKET_ACKNOWLEDGED: {"actor": "ana"},
    HookEvent.TICKET_OVERDUE: {},
    HookEvent.MESSAGE_RECEIVED: {"message": _SAID},
    HookEvent.REPLY_SENT: {"message": _SAID | {"author": "agent"}, "actor": "ana"},
    HookEvent.REPLY_FAILED: {"message": _SAID | {"author": "agent"}},
}

EXAMPLES: Mapping[HookEvent, Mapping[str, Any]] = {
    **{event: {"ticket": _TICKET, "actor": None, **beside} for event, beside in _BESIDE.items()},
    HookEvent.FEEDBACK_STATE: {"feedback": _FEEDBACK, "old": "received", "new": "in_progress"},
    HookEvent.FEEDBACK_RATED: {"ticket": _TICKET, "rating": {"score": 4}},
    HookEvent.SUMMARY_PUBLISHED: {
        "summary": {"id": _SUMMARY, "title": "2026-10", "url": f"{_URL}/summaries/{_SUMMARY}"}
    },
    HookEvent.TEST: {"webhook": {"id": "3c1d2d5e-52b1-4bb5-8c8e-1b1a8c1f7f10"}},
}

_HEADERS = {
    "webhook-id": "The same at each try: what was handled under it need not be handled again.",
    "webhook-timestamp": "When this try was made, in seconds since 1970.",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; more than one, parted by "
    "spaces, while a secret is changed.",
}
_BODY = {
    "type": "object",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "data": {
            "type": "object",
            "description": "Names may be added. `ticket` is for staff; an integration is told `feedback` instead.",
            "additionalProperties": True,
        },
    },
}


def with_webhooks(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Add the webhooks to the OpenAPI document; a postprocessing hook of drf-spectacular."""
    return {**result, "webhooks": {event.value: {"post": _operation(event)} for event in HookEvent}}


def _operation(event: HookEvent) -> dict[str, Any]:
    example = {"type": event.value, "timestamp": "2026-11-24T03:04:05Z", "data": EXAMPLES[event]}
    whom = [
        *(["staff"] if event in STAFF_EVENTS else []),
        *(["integrations"] if event in INTEGRATION_EVENTS else []),
    ]
    return {
        "summary": str(event.label),
        "description": f"For {' and '.join(whom) or 'whoever asks for a test'}.",
        "tags": ["webhooks"],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": told,
                "schema": {"type": "string"},
            }
            for name, told in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _BODY, "examples": {"Body": {"value": example}}}},
        },
        "responses": {
            "2XX": {"description": "Taken."},
            "410": {"description": "Gone: the webhook is switched off."},
            "default": {"description": "Tried again, for about a day. Redirects are not followed."},
        },
    }
