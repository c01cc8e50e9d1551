"""Choose the interface language for a reader of any language."""

from __future__ import annotations

from django.conf import settings

from config.kit.languages import nearest_language


def interface_language(tag: str) -> str:
    """Return the nearest language in settings.LANGUAGES to a tag such as zh-Hans-CN, English if there is none."""
    return nearest_language(tag, dict(settings.LANGUAGES)) or "en"
