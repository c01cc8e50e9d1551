"""The page at the ``type`` URL of a problem: what the code means and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.kit.errors import Refused
from config.kit.pages import public_page
from config.kit.problems import SAY_WHO, SEND_JSON

EXPLANATIONS = {
    "invalid": _("Some values were not accepted. “errors” names each of them by its path."),
    "malformed": _("The request could not be understood at all: a wrong host, or broken headers."),
    "parse_error": _("The body could not be read as what its media type says."),
    "malformed_json": _(
        "The body is not JSON. NaN, Infinity and numbers of thousands of digits are none either."
    ),
    "not_utf8": _("The body is not valid UTF-8."),
    "too_deep": _("The JSON nests deeper than 32 levels."),
    "duplicate_name": _("An object in the JSON has one name twice, so one of the two values would be lost."),
    "too_large": _("The body is too large: 15 MB of JSON, 32 MB of form with files."),
    "length_required": _("The body must say how long it is, with a Content-Length."),
    "unsupported_media_type": SEND_JSON,
    "not_authenticated": SAY_WHO,
    "token_not_usable": _("The token is mistyped, revoked or expired. Ask an administrator for a new one."),
    "wrong_credentials": _("The name or the password is wrong, or the login is closed."),
    "permission_denied": _("This login may not do this."),
    "scope_missing": _("The token may do less than this needs. Ask an administrator for one with the scope."),
    "csrf_failed": _("A browser's write must carry the CSRF token of its session as X-CSRFToken."),
    "not_found": _("There is nothing at this address, or nothing that you may see; we do not say which."),
    "method_not_allowed": _(
        "The address exists, but does not offer this method. “Allow” names those it does."
    ),
    "throttled": _("Wait as long as “Retry-After” says, then send it again. Nothing was stored."),
    "unavailable": _(
        "The database was away for a moment. Send the same request again, with the same Idempotency-Key."
    ),
    "broken": _("A fault of ours. It was recorded with the request id; quote it when you report it."),
}
DECLINED = _("The service declined to do this; “detail” says why, in words for people. The code is stable.")


@require_safe
@public_page
def problem_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """Explain a problem code."""
    if code not in EXPLANATIONS and code not in set(refusals()):
        raise Http404
    context = {"code": code, "explanation": EXPLANATIONS.get(code, DECLINED)}
    return render(request, "public/problem.html", context)


def refusals(root: type[Refused] = Refused) -> Iterator[str]:
    """Yield the code of every refusal that is defined."""
    yield root.code
    for refused in root.__subclasses__():
        yield from refusals(refused)
