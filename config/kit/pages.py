"""Decorators of public pages: the reader's choice of language, and the privacy of secret addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config.kit.caching import NEVER

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Let ``?language=`` choose the language of this and later pages, without a script or a form."""

    @wraps(view)
    def page(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponseBase:
        chosen = request.GET.get("language", "")
        if chosen not in dict(settings.LANGUAGES):
            return view(request, *arguments, **names)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = view(request, *arguments, **names)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    return page


def secret_page(view: View) -> View:
    """Keep a page whose address is a secret out of caches, search engines and Referer headers."""

    @wraps(view)
    def page(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponseBase:
        response = view(request, *arguments, **names)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = NEVER
        patch_vary_headers(response, ["Cookie"])
        return response

    return page
