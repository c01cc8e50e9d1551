"""Addresses that work with and without a trailing slash: a redirected POST would lose its body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path


def both(route: str, view: Callable[..., Any], *, name: str) -> list[URLPattern]:
    """Return the addresses of ``view`` without a slash (the one that is documented) and with one."""
    return [path(route, view, name=name), path(f"{route}/", view)]
