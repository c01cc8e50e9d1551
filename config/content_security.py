"""The content security policy of our pages: which scripts and styles a browser may run.

The admin's Alpine evaluates expressions and its theme uses inline styles, so ``/admin/`` allows both;
every other page allows neither. A view may still set its own policy with csp.decorators.
"""

from functools import cache

from csp.constants import HEADER, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
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
#: Attributes that csp.decorators set on a response.
WISHES = frozenset(
    f"_csp_{wish}{kind}" for wish in ("exempt", "config", "update", "replace") for kind in ("", "_ro")
)
ADMIN = _DIRECTIVES | {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class ContentSecurityMiddleware(CSPMiddleware):
    """Send the strict policy everywhere, the relaxed one under the admin."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_admin = request.path.startswith(_admin_path())
        if not WISHES.isdisjoint(vars(response)) or "_csp_nonce" in vars(request):
            # The view set its own policy, or used a nonce.
            if is_admin and not hasattr(response, "_csp_replace"):
                response._csp_replace = ADMIN  # type: ignore[attr-defined]
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy(is_admin=is_admin))
        return response


@cache
def _admin_path() -> str:
    return reverse("admin:index")


@cache
def _policy(*, is_admin: bool) -> str:
    """Return the header, built once, because building it costs as much as the rest of a small response."""
    return build_policy(replace=ADMIN) if is_admin else build_policy()
