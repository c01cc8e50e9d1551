"""Which scripts and styles a browser may run on our pages.

The admin's Alpine evaluates expressions and colours its theme in line, so ``/admin/`` allows both;
every other page allows neither. A view may still set its own policy with csp.decorators.
"""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

_DIRECTIVES: dict[str, list[str]] = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

STRICT: dict[str, object] = {"DIRECTIVES": _DIRECTIVES}
ADMIN = _DIRECTIVES | {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class ContentSecurityMiddleware(CSPMiddleware):
    """Send the strict policy everywhere, the relaxed one under the admin."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_admin = request.path.startswith(reverse("admin:index"))
        if is_admin and not hasattr(response, "_csp_replace"):
            response._csp_replace = ADMIN  # type: ignore[attr-defined]
        return super().process_response(request, response)
