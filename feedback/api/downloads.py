"""Files of strangers, sent so that a browser can only save them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from feedback.intake.models import Attachment

NOTHING_RUNS = {"default-src": ["'none'"], "sandbox": True}


def download(file: Attachment) -> HttpResponse:
    """Return ``file`` as an attachment under its cleaned name; never shown in place, never kept by a cache."""
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.filename) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = NOTHING_RUNS  # type: ignore[attr-defined]
    return response
