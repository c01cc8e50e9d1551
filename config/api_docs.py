"""The OpenAPI document, and a self-hosted Swagger UI to read it in."""

from __future__ import annotations

import json
import threading
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from config.kit.pages import public_page

_one_at_a_time = threading.Lock()


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI 3.1 document."""
    # drf-spectacular loads its extensions on the first request; a concurrent one would find them half loaded.
    with _one_at_a_time:
        body = document(settings.PUBLIC_BASE_URL)
    return HttpResponse(body, content_type="application/json")


@cache
def document(base_url: str) -> bytes:
    """Return the OpenAPI document as JSON, built once per process, since it changes only with the code."""
    with translation.override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)
    made["servers"] = [{"url": base_url}]
    return json.dumps(made, ensure_ascii=False).encode()


@require_safe
@public_page
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document in Swagger UI, with scripts and styles served from here and none inline."""
    return render(request, "public/api_docs.html")
