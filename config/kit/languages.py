"""The languages that the analysis distinguishes, by their own names, and the choice of the best one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

LANGUAGE_NAMES = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "es": "Español",
    "pt": "Português",
    "de": "Deutsch",
    "fr": "Français",
    "ar": "العربية",
    "ru": "Русский",
    "th": "ไทย",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
}

_BY_LOWER_TAG = {tag.lower(): name for tag, name in LANGUAGE_NAMES.items()}

#: The languages of articles, known problems and prepared answers.
WRITTEN = ("en", "zh-Hans", "zh-Hant", "es", "ja")


def own_name(tag: str) -> str:
    """Return a language's own name, its tag in any case: 简体中文 for zh-hans; the tag itself when unknown."""
    return _BY_LOWER_TAG.get(tag.lower(), tag)


def nearest_language(wanted: str, available: Iterable[str]) -> str | None:
    """Return the tag in ``available`` that a reader of ``wanted`` understands best, None when there are none.

    The same tag, else the same language in another script or region, else English, else the first by name.
    """
    return min(available, key=lambda tag: (distance(tag, wanted), tag), default=None)


def is_foreign(language: str, wanted: str) -> bool:
    """Return whether ``language`` differs from ``wanted``, ignoring script and region."""
    return base_of(language) != base_of(wanted)


def distance(language: str, wanted: str) -> int:
    """Return 0 for the same tag, 1 for the same language, 2 for English, 3 for any other."""
    if language.lower() == wanted.lower():
        return 0
    if not is_foreign(language, wanted):
        return 1
    return 2 if base_of(language) == "en" else 3


def base_of(tag: str) -> str:
    """Return the language of ``tag`` without script and region: ``zh`` for zh-Hans."""
    return tag.lower().partition("-")[0]
