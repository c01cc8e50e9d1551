"""Who may open the pages of staff: one guard for all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(view: View[P]) -> View[P]:
    """Let in agents, leads and administrators; ask others to log in, and refuse staff without a role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user: Any = request.user
        if not user.has_staff_role:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)  # type: ignore[return-value]
