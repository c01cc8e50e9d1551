"""Decorators that guard all staff pages, and the HTML that those pages show in frames."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin

P = ParamSpec("P")
#: A view may declare a narrower request type, such as ``users.accounts.requests.StaffRequest``.
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(view: Callable[Concatenate[R, P], HttpResponseBase]) -> View[P]:
    """Admit agents, leads and administrators; ask others to log in, and refuse staff without a role."""

    @wraps(view)
    def guarded(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.has_staff_role:  # type: ignore[union-attr]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)  # type: ignore[return-value]


def shown_in_frame(view: Callable[Concatenate[R, P], HttpResponseBase]) -> View[P]:
    """Serve HTML for a sandboxed frame in a staff page: no scripts, no forms, nothing loaded from elsewhere.

    A link opens a normal page, with its own scripts and forms, that cannot reach the staff page.
    """
    policy = {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
    return staff_page(xframe_options_sameorigin(csp_replace(policy)(view)))  # type: ignore[arg-type]
