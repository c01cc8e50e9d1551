"""Addresses of ours: those that work with and without a trailing slash, and whole ones for the world outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import URLPattern, path, reverse


def both(route: str, view: Callable[..., Any], *, name: str) -> list[URLPattern]:
    """Return the addresses of ``view`` without a slash (the one that is documented) and with one.

    A POST that is redirected to the other would lose its body.
    """
    return [path(route, view, name=name), path(f"{route}/", view)]


def absolute(name: str, *arguments: object) -> str:
    """Return the whole address of the view ``name``, built from PUBLIC_BASE_URL and never from a Host header."""
    return settings.PUBLIC_BASE_URL + reverse(name, args=arguments)
