"""Shared by all pages of summaries: access, display of refusals, and the admin's page frame."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from config.kit.errors import Refused
from config.kit.staff import View, staff_page
from tickets.summaries.models import Summary
from users.accounts.requests import StaffRequest

P = ParamSpec("P")


def lead_action(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View[P]:
    """Allow only product leads, by POST; a Refused becomes a message on the page the action belongs to."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_lead:
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(_page_of(kwargs))

    return staff_page(require_POST(guarded))  # type: ignore[arg-type]


def _page_of(arguments: Mapping[str, Any]) -> str:
    """Return the URL of the page that holds an action with these arguments."""
    if "fix_id" in arguments:
        return reverse("summaries:fix", kwargs={"fix_id": arguments["fix_id"]})
    ids = {name: arguments[name] for name in ("public_id", "point_id") if name in arguments}
    return reverse(f"summaries:{('list', 'summary', 'point')[len(ids)]}", kwargs=ids)


def summary_or_404(request: StaffRequest, public_id: uuid.UUID) -> Summary:
    """Return the summary. Raises Http404 unless this user may read it."""
    return get_object_or_404(Summary.objects.visible_to(request.user), public_id=public_id)


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """Render a page inside the admin's frame."""
    return render(request, template, {**admin.site.each_context(request), **context})
