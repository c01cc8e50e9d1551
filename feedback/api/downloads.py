"""Downloads of untrusted files, sent so that a browser can only save them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from config.kit.caching import NEVER
from feedback.intake.models import Attachment, Feedback

NOTHING_RUNS = {"default-src": ["'none'"], "sandbox": True}


def download_from(threads: Iterable[Feedback | int], attachment_id: UUID) -> HttpResponse:
    """Return a file of one of ``threads`` (feedback, or their keys) as an attachment under its safe name.

    Browsers do not display it and caches do not store it. Raises Http404 for a file of another conversation or
    of an erased message.
    """
    files = Attachment.objects.unerased().filter(message__feedback__in=threads)
    file = files.filter(public_id=attachment_id).first()
    if file is None:
        raise Http404
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.filename) or "attachment"
    response["Cache-Control"] = NEVER
    response._csp_replace = NOTHING_RUNS  # type: ignore[attr-defined]
    return response
