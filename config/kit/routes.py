"""URL helpers: patterns that match with and without a trailing slash, and absolute URLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import URLPattern, path, reverse


def both(route: str, view: Callable[..., Any], *, name: str) -> list[URLPattern]:
    """Return the URL patterns of ``view`` without a trailing slash (the documented one) and with it.

    Both are served because a redirected POST would lose its body.
    """
    return [path(route, view, name=name), path(f"{route}/", view)]


def absolute(name: str, *arguments: object) -> str:
    """Return the absolute URL of the view ``name``, built from PUBLIC_BASE_URL and never from a Host header."""
    return settings.PUBLIC_BASE_URL + reverse(name, args=arguments)
