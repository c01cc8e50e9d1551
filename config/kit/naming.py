"""The language of the current page, and names that are kept in English and Chinese."""

from __future__ import annotations

from django.utils.translation import get_language


def page_language() -> str:
    """Return the active language, that of the page or mail being rendered; English when none is active."""
    return get_language() or "en"


def name_for_page(name: str, name_zh: str) -> str:
    """Return ``name_zh`` on a Chinese page when there is one, else ``name``."""
    is_chinese = page_language().startswith("zh")
    return name_zh if is_chinese and name_zh else name
