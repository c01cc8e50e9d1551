"""In which language a page speaks, and what is named in English and in Chinese."""

from __future__ import annotations

from django.utils.translation import get_language


def page_language() -> str:
    """Return the language that is active, that of the page or mail being made; English where none is."""
    return get_language() or "en"


def name_for_page(name: str, name_zh: str) -> str:
    """Return ``name_zh`` on a Chinese page when there is one, else ``name``."""
    is_chinese = page_language().startswith("zh")
    return name_zh if is_chinese and name_zh else name
