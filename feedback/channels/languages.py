"""Which of our interface's languages a reader of some language is written to in."""

from __future__ import annotations

from django.conf import settings

from config.kit.languages import nearest_language


def interface_language(tag: str) -> str:
    """Return the nearest language of settings.LANGUAGES for a tag such as zh-Hans-CN, English for none."""
    return nearest_language(tag, dict(settings.LANGUAGES)) or "en"
