"""Serializer fields for what people type, and a serializer that tells of values it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.kit.text import clean_line, clean_text


def read(kind: type[serializers.Serializer[Any]], content: Any) -> Any:
    """Return what ``content`` says as serializer ``kind`` reads it. Raises ValidationError.

    What ``kind(data=content)`` and ``is_valid`` do, on one serializer kept for all requests: making its
    fields anew costs several times what they then do.
    """
    return _kept(kind).run_validation(content)


def shown(kind: type[serializers.Serializer[Any]], instance: Any) -> dict[str, Any]:
    """Return ``instance`` as serializer ``kind`` shows it; on a kept serializer, as ``read`` is."""
    return _kept(kind).to_representation(instance)


@cache
def _kept(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    # Shared by threads: neither of the methods above leaves anything on the serializer but its fields.
    return kind()


class Text(serializers.CharField):
    """Text as people write it: cleaned of what nobody can read or store before it is looked at."""

    def to_internal_value(self, data: Any) -> str:
        return clean_text(super().to_internal_value(data))

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(clean_text(data) if isinstance(data, str) else data)


class Line(serializers.CharField):
    """A name, a subject, a version: one line, cleaned."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(clean_line(data) if isinstance(data, str) else data)


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses names it does not know: a misspelt one would lose what it holds."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in data if str(name).split(".")[0].split("[")[0] not in known)
            if unknown:
                message = _("There is no such name here. Known are: %(known)s.") % {
                    "known": ", ".join(sorted(known))
                }
                raise serializers.ValidationError(
                    {name[:60]: [message] for name in unknown[:10]}, code="unknown_name"
                )
        return super().to_internal_value(data)
