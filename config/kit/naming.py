"""What is named in English and in Chinese, and which of the two a page shows."""

from __future__ import annotations

from django.utils.translation import get_language


def name_for_page(name: str, name_zh: str) -> str:
    """Return ``name_zh`` on a Chinese page when there is one, else ``name``."""
    is_chinese = (get_language() or "").startswith("zh")
    return name_zh if is_chinese and name_zh else name
