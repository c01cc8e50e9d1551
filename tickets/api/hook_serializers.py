"""Serializers of webhooks and their log."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.kit.fields import Choice, Line, StrictSerializer
from tickets.hooks.models import HookDeliveryState, HookEvent, HookTryState

#: The events that can be subscribed to; a test event is only sent on request.
SUBSCRIBABLE = [(event.value, event.label) for event in HookEvent if event != HookEvent.TEST]


class HookIn(StrictSerializer):
    """The events to send, and the URL to send them to. Omitted fields get their default."""

    url = Line(max_length=500, help_text="Where to POST to: https, or http within networks of yours.")
    events = serializers.ListField(
        child=Choice(choices=SUBSCRIBABLE), min_length=1, max_length=len(SUBSCRIBABLE)
    )
    description = Line(max_length=200, required=False, allow_blank=True)
    is_enabled = serializers.BooleanField(required=False)
    with_text = serializers.BooleanField(
        required=False, help_text="Texts of messages and comments go along, where you may read them."
    )
    with_imports = serializers.BooleanField(
        required=False, help_text="Also what happens to imported feedback."
    )


class HookChangeIn(HookIn):
    """Changes to a webhook; omitted fields stay unchanged."""

    url = Line(max_length=500, required=False)
    events = serializers.ListField(
        child=Choice(choices=SUBSCRIBABLE), min_length=1, max_length=len(SUBSCRIBABLE), required=False
    )


class HookOut(serializers.Serializer[Any]):
    """A webhook, without its secret."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField()
    is_enabled = serializers.BooleanField()
    with_text = serializers.BooleanField()
    with_imports = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    failures = serializers.IntegerField(help_text="Tries that failed since one succeeded.")
    failing_since = serializers.DateTimeField(allow_null=True)
    off_reason = serializers.CharField(
        help_text="Why it was switched off by itself: failing, gone; else empty."
    )


class HookWithSecretOut(HookOut):
    """A new webhook with its secret, which is not shown again."""

    secret = serializers.CharField(help_text="What signatures are checked with; shown this once.")


class HookPageOut(serializers.Serializer[Any]):
    results = HookOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class SecretOut(serializers.Serializer[Any]):
    """The new secret of a webhook, which is not shown again."""

    secret = serializers.CharField(help_text="The new one; shown this once.")
    old_secret_until = serializers.DateTimeField(
        help_text="Until then what is sent carries the signature of the old one, too."
    )


class HookTryOut(serializers.Serializer[Any]):
    """One attempt to send a delivery."""

    at = serializers.DateTimeField(source="sending_at", allow_null=True)
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=HookTryState.choices)
    status = serializers.IntegerField(allow_null=True, help_text="Of HTTP; null when no answer came.")
    response = serializers.CharField(help_text="The first kilobyte of the answer.")
    duration_ms = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    was_resent = serializers.BooleanField(
        help_text="True: it may have been sent before; its sender stopped meanwhile."
    )


class HookDeliveryOut(serializers.Serializer[Any]):
    """An event sent to a webhook, with every attempt to send it."""

    id = serializers.UUIDField(source="public_id", help_text="The ``webhook-id``, the same at each try.")
    type = serializers.CharField()
    happened_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=HookDeliveryState.choices)
    ended_at = serializers.DateTimeField(allow_null=True)
    tries = HookTryOut(many=True, help_text="The oldest first.")


class HookDeliveryPageOut(serializers.Serializer[Any]):
    results = HookDeliveryOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class ReplayIn(StrictSerializer):
    """What to send again: one delivery by its id, or else all deliveries of events from ``since`` (included) to
    ``until`` (excluded) that failed or were not sent."""

    delivery = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class ReplayOut(serializers.Serializer[Any]):
    count = serializers.IntegerField(
        help_text="How many are sent again: at most 1,000, so call until it is 0."
    )
