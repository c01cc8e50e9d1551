"""Serve attachments and original mails so that a browser never executes them."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from config.kit.staff import shown_in_frame
from feedback.channels.email.render import displayed_html
from feedback.intake.models import Attachment, Message
from tickets.desk.merging import threads_of
from tickets.workbench.views.frame import desk_page, ticket_or_404
from users.accounts.requests import StaffRequest


@desk_page
def attachment(request: StaffRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponseBase:
    """Serve a file of this ticket; its type is the one we detected, never the one claimed."""
    ticket = ticket_or_404(request, public_id)
    files = Attachment.objects.unerased().filter(message__feedback__in=threads_of(ticket))
    file = files.filter(public_id=file_id).first()
    if file is None:
        raise Http404
    is_shown = file.is_picture and "show" in request.GET
    response = HttpResponse(
        bytes(file.content), content_type=file.content_type if is_shown else "application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(not is_shown, file.filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@shown_in_frame
def original(request: StaffRequest, public_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponseBase:
    """Show the cleaned HTML of a message for a sandboxed frame: no scripts, no forms, no external resources."""
    ticket = ticket_or_404(request, public_id)
    message = (
        Message.objects.filter(public_id=message_id, feedback__in=threads_of(ticket)).exclude(html="").first()
    )
    if message is None:
        raise Http404
    return render(request, "workbench/original.html", {"html": displayed_html(message.html)})
