"""The languages that the analysis tells apart, each by its own name."""

from __future__ import annotations

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

#: What articles, known problems and prepared answers are written in.
WRITTEN = ("en", "zh-Hans", "zh-Hant", "es", "ja")
