"""Which of our interface's languages a reader of some language is written to in."""

from __future__ import annotations

from django.conf import settings


def interface_language(tag: str) -> str:
    """Return the nearest language of settings.LANGUAGES for a tag such as zh-Hans-CN, English for none."""
    available = dict(settings.LANGUAGES)
    tag = tag.lower()
    base = tag.partition("-")[0]
    if tag in available:
        return tag
    return next((code for code in available if code.partition("-")[0] == base), "en")
