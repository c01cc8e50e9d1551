"""Shared by all pages of the desk: access, display of refusals, and the page frame."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from config.kit.errors import Refused
from config.kit.staff import View, staff_page
from config.kit.text import number_in
from tickets.desk.models import Ticket
from tickets.workbench.leaving import unsettled_of
from users.accounts.requests import StaffRequest

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
#: The desk admits the same users as every other staff page.
desk_page = staff_page


def desk_action(view: Callable[Concatenate[R, P], dict[str, Any]]) -> View[P]:
    """Turn a function that does one thing and returns a dict for the page into a POST view.

    A Refused is answered with 409 and its message, code and field: the page shows it where it happened
    and keeps what was typed.
    """

    def answering(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return JsonResponse(view(request, *args, **kwargs))
        except Refused as refusal:
            told = {"refused": str(refusal), "code": refusal.code, "field": refusal.field}
            return JsonResponse(told | getattr(refusal, "details", {}), status=409)

    return staff_page(require_POST(wraps(view)(answering)))  # type: ignore[arg-type]


def ticket_or_404(request: HttpRequest, public_id: uuid.UUID) -> Ticket:
    """Return the ticket. Raises Http404 if it does not exist or this user may not read it."""
    ticket = (
        Ticket.objects.visible_to(request.user)  # type: ignore[arg-type]
        .select_related(
            "feedback__channel",
            "feedback__customer__merged_into",
            "feedback__address",
            "queue",
            "assignee",
            "merged_into",
        )
        .filter(public_id=public_id)
        .first()
    )
    if ticket is None:
        raise Http404
    return ticket


def page(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponseBase:
    """Render a page inside the admin's frame, with the answers this user can still take back. One query."""
    framed = admin.site.each_context(request) | {"leaving": unsettled_of(request.user, at=timezone.now())}
    return render(request, template, {**framed, **context}, status=status)


def version_of(request: HttpRequest) -> int | None:
    """Return the version of the ticket that the page showed, None if it sent none."""
    return number_in(request.POST.get("version", ""))
