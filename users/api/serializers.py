"""Serializers of the endpoints about the caller."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.kit.fields import Choice, LanguageTag, Line, StrictSerializer
from users.profiles.models import AddressKind, OptOut, Purpose


class LoginIn(StrictSerializer):
    """The user name and password of a login."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class SessionOut(serializers.Serializer[Any]):
    """Who is logged in, and the CSRF token that a browser must send as X-CSRFToken with each write."""

    username = serializers.CharField(allow_null=True)
    role = serializers.CharField(allow_null=True)
    csrf_token = serializers.CharField()


class MeOut(serializers.Serializer[Any]):
    """Your profile."""

    id = serializers.UUIDField(source="public_id", help_text="Of your profile.")
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="display_name")
    language = serializers.CharField(source="user.language", help_text="Of pages and messages to you.")
    segment = serializers.CharField()
    known_since = serializers.DateTimeField(source="created_at")


class MeIn(StrictSerializer):
    """Changes to your profile; omitted fields stay unchanged."""

    name = Line(max_length=200, required=False, allow_blank=True)
    language = Choice(choices=settings.LANGUAGES, required=False)


class HabitOut(serializers.Serializer[Any]):
    """A habit learned from what you do: it was seen ``seen_count`` times out of ``of_count``."""

    kind = serializers.CharField()
    value = serializers.CharField()
    seen_count = serializers.IntegerField()
    of_count = serializers.IntegerField()


class PreferencesOut(serializers.Serializer[Any]):
    """Your preferences, and the habits learned. Empty and null mean no preference."""

    language = serializers.CharField()
    channel = serializers.CharField()
    time_zone = serializers.CharField()
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    opt_outs = serializers.ListField(child=serializers.ChoiceField(choices=OptOut.choices))
    habits = HabitOut(many=True)


class PreferencesIn(StrictSerializer):
    """Changes to your preferences; omitted fields stay unchanged."""

    language = LanguageTag(required=False, allow_blank=True)
    channel = serializers.RegexField(r"^[a-z_]*$", max_length=20, required=False, allow_blank=True)
    time_zone = Line(max_length=60, required=False, allow_blank=True)
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    opt_outs = serializers.ListField(
        child=Choice(choices=OptOut.choices), required=False, max_length=len(OptOut)
    )

    def validate_time_zone(self, value: str) -> str:
        if value and value not in zoneinfo.available_timezones():
            raise serializers.ValidationError(_("Name a time zone such as Asia/Shanghai."), code="unknown")
        return value

    def validate_opt_outs(self, value: list[str]) -> list[str]:
        return sorted(set(value))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = {name: attrs[name] for name in ("quiet_from", "quiet_until") if name in attrs}
        if given and (len(given) == 1 or len({value is None for value in given.values()}) == 2):
            message = _("Quiet hours need both ends, or neither.")
            raise serializers.ValidationError({name: [message] for name in given}, code="half_given")
        return attrs


class AddressOut(serializers.Serializer[Any]):
    """An address of yours."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=AddressKind.choices)
    value = serializers.CharField()
    is_proven = serializers.BooleanField(help_text="That it is yours: a link mailed there was followed.")
    is_reachable = serializers.BooleanField(help_text="False after mail to it came back.")
    since = serializers.DateTimeField(source="created_at")


class AddressesOut(serializers.Serializer[Any]):
    results = AddressOut(many=True)


class AddressIn(StrictSerializer):
    """An e-mail address to add; a link to confirm it is mailed there."""

    email = serializers.EmailField(max_length=254)


class AddressProofIn(StrictSerializer):
    """The token from the link that was mailed to confirm an address."""

    token = serializers.CharField(max_length=200, help_text="The last part of the mailed link.")


class ProofOut(serializers.Serializer[Any]):
    """A link was mailed to the address. Until it is followed, nothing else is sent there."""

    email = serializers.CharField(source="value")
    expires_at = serializers.DateTimeField()


class ConsentOut(serializers.Serializer[Any]):
    """A consent given or withdrawn."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    is_granted = serializers.BooleanField()
    notice_version = serializers.CharField()
    at = serializers.DateTimeField()


class ConsentPageOut(serializers.Serializer[Any]):
    results = ConsentOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class ConsentIn(StrictSerializer):
    """A consent to give, or to withdraw with ``is_granted`` false."""

    purpose = Choice(choices=Purpose.choices)
    is_granted = serializers.BooleanField()
    notice_version = Line(max_length=30, required=False, allow_blank=True, default="")


class EraseIn(StrictSerializer):
    """A confirmation, required so that no accidental call erases a person."""

    confirm = Choice(choices=["erase"])
