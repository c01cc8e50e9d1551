"""OpenAPI documentation of webhooks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from config.kit.documentation import CURSOR, LIMIT, Body, Operation
from tickets.api import hook_serializers as shapes
from tickets.hooks.models import HookDeliveryState

WEBHOOKS = "webhooks"
_HOOK: dict[str, Any] = {
    "id": "3c1d2d5e-52b1-4bb5-8c8e-1b1a8c1f7f10",
    "url": "https://erp.example.org/hooks/earshot",
    "events": ["reply.sent", "ticket.status_changed"],
    "description": "ERP",
    "is_enabled": True,
    "with_text": False,
    "with_imports": False,
    "created_at": "2026-11-24T03:04:05Z",
    "failures": 0,
    "failing_since": None,
    "off_reason": "",
}
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
_DELIVERY: dict[str, Any] = {
    "id": "5e0c2a3f-6c0a-4a43-9c6e-0f4a3f0b9d11",
    "type": "ticket.status_changed",
    "happened_at": "2026-11-24T03:04:05Z",
    "state": "delivered",
    "ended_at": "2026-11-24T03:04:06Z",
    "tries": [
        {
            "at": "2026-11-24T03:04:05.400Z",
            "due_at": "2026-11-24T03:04:05Z",
            "state": "succeeded",
            "status": 204,
            "response": "",
            "duration_ms": 38,
            "error": "",
            "was_resent": False,
        }
    ],
}
_REFUSES = (400, 401, 403, 404, 415, 422)
LIST = Operation(
    "listWebhooks",
    WEBHOOKS,
    {200: Body(shapes.HookPageOut, {"results": [_HOOK], "next": None})},
    refuses=(401, 403, 422),
    parameters=(CURSOR, LIMIT),
)
SET_UP = Operation(
    "setUpWebhook",
    WEBHOOKS,
    {201: Body(shapes.HookWithSecretOut, _HOOK | {"secret": _SECRET})},
    takes=Body(
        shapes.HookIn,
        {"url": _HOOK["url"], "events": _HOOK["events"], "description": "ERP", "with_text": False},
    ),
    refuses=(400, 401, 403, 415, 422),
)
READ = Operation("readWebhook", WEBHOOKS, {200: Body(shapes.HookOut, _HOOK)}, refuses=(401, 403, 404))
CHANGE = Operation(
    "changeWebhook",
    WEBHOOKS,
    {200: Body(shapes.HookOut, _HOOK | {"is_enabled": False})},
    takes=Body(shapes.HookChangeIn, {"is_enabled": False}),
    refuses=_REFUSES,
)
REMOVE = Operation("removeWebhook", WEBHOOKS, {204: Body()}, refuses=(401, 403, 404))
CHANGE_SECRET = Operation(
    "changeSecretOfWebhook",
    WEBHOOKS,
    {200: Body(shapes.SecretOut, {"secret": _SECRET, "old_secret_until": "2026-11-25T03:04:05Z"})},
    refuses=(401, 403, 404),
)
TEST = Operation(
    "testWebhook",
    WEBHOOKS,
    {
        202: Body(
            shapes.HookDeliveryOut,
            _DELIVERY | {"type": "webhook.test", "state": "waiting", "ended_at": None, "tries": []},
        )
    },
    refuses=(401, 403, 404, 422),
)
DELIVERIES = Operation(
    "listWebhookDeliveries",
    WEBHOOKS,
    {200: Body(shapes.HookDeliveryPageOut, {"results": [_DELIVERY], "next": None})},
    refuses=(401, 403, 404, 422),
    parameters=(
        CURSOR,
        LIMIT,
        OpenApiParameter("state", str, enum=HookDeliveryState.values),
        OpenApiParameter("since", OpenApiTypes.DATETIME, description="What happened from then on."),
        OpenApiParameter("until", OpenApiTypes.DATETIME, description="What happened before."),
    ),
)
REPLAY = Operation(
    "replayWebhook",
    WEBHOOKS,
    {202: Body(shapes.ReplayOut, {"count": 12})},
    takes=Body(shapes.ReplayIn, {"since": "2026-11-24T00:00:00Z", "until": "2026-11-25T00:00:00Z"}),
    refuses=_REFUSES,
)
