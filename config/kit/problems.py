"""Every error of the REST API as RFC 9457 problem details, in the caller's language."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import loader
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.csrf import csrf_failure as csrf_failure_page
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.kit.errors import CSRF_FAILED, Refused, is_database_trouble

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
API = "/api/"
SECONDS_UNTIL_THE_DATABASE_IS_BACK = 2

#: HTTP status of a service's refusal by its code; 422 for all others.
STATUS_OF_REFUSAL = {
    "already_acknowledged": 409,
    "changed_meanwhile": 409,
    "moved_meanwhile": 409,
    "not_solved_yet": 409,
    "belongs_to_another": 409,
    "file_gone": 409,
    "move_not_allowed": 409,
    "was_merged": 409,
    "file_too_large": 413,
    "cannot_work_on": 403,
    "channel_closed": 403,
    "may_not_act_for": 403,
    "wrong_credentials": 401,
    "too_many_proofs": 429,
}
TITLES = {
    400: _("The request was not understood"),
    401: _("Who you are is not known"),
    403: _("This is not permitted"),
    404: _("Not found"),
    405: _("This method is not offered here"),
    406: _("This format is not offered"),
    409: _("The state does not allow it"),
    411: _("The length is missing"),
    413: _("Too large"),
    415: _("This media type is not taken"),
    422: _("Some values are not accepted"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
    503: _("Unavailable for a moment"),
}
#: Advice for the two errors that REST framework only states.
SAY_WHO = _("Send a token as “Authorization: Bearer esk_…”, or log in.")
SEND_JSON = _("Send application/json, or multipart/form-data where files are taken.")
NOT_FOUND = _("There is nothing here, or nothing that you may see.")
BROKEN = _("Something broke on our side and was recorded. Quote the request id when you report it.")
AWAY = _("The database does not answer. Nothing was stored; send the same request again.")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one value; ``field`` is its path, such as ``attachments.0.filename``, or empty."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Problem:
    """One error. ``code`` is stable and for programs, ``detail`` is for people."""

    status: int
    code: str
    detail: Any
    errors: tuple[FieldError, ...] = ()
    extra: Mapping[str, Any] | None = None


def body_of(problem: Problem, request: HttpRequest) -> dict[str, Any]:
    """Return ``problem`` as the members of a problem details object."""
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_BASE_URL}/problems/{problem.code}",
        "title": str(TITLES.get(problem.status, TITLES[400 if problem.status < 500 else 500])),
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem.detail),
        "instance": _instance(request),
        "request_id": getattr(request, "id", ""),
        "errors": [
            {"field": error.field, "code": error.code, "message": error.message} for error in problem.errors
        ],
    }
    return body | dict(problem.extra or {})


def _instance(request: HttpRequest) -> str:
    # The token of a status link is a secret, and problems end up in other people's logs.
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    return request.path.replace(token, "…") if token else request.path


def problem_response(problem: Problem, request: HttpRequest) -> JsonResponse:
    """Return ``problem`` as a response, for places outside REST framework."""
    return JsonResponse(
        body_of(problem, request),
        status=problem.status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn ``error`` into problem details; return None for a bug of ours, which Django logs and answers."""
    problem = problem_of(error)
    if problem is None:
        return None
    set_rollback()
    request = context["request"]
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if problem.status == 503:
        wait = SECONDS_UNTIL_THE_DATABASE_IS_BACK
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return Response(
        body_of(problem, getattr(request, "_request", request)),
        status=problem.status,
        headers=headers,
        content_type=MEDIA_TYPE,
    )


def problem_of(error: Exception) -> Problem | None:
    """Return the problem to report for ``error``, None for a bug of ours."""
    if isinstance(error, Refused):
        return _of_refusal(error)
    if isinstance(error, exceptions.ValidationError):
        errors = tuple(flatten(error.detail))
        return Problem(422, "invalid", _("See “errors” for each value."), errors)
    if isinstance(error, Http404 | exceptions.NotFound):
        return Problem(404, "not_found", NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Problem(403, "permission_denied", exceptions.PermissionDenied.default_detail)
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", _("The request is too large."))
    if isinstance(error, SuspiciousOperation):
        return Problem(400, "malformed", _("The request was not understood."))
    if isinstance(error, exceptions.NotAuthenticated):
        return Problem(401, "not_authenticated", SAY_WHO)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Problem(415, "unsupported_media_type", SEND_JSON)
    if isinstance(error, exceptions.APIException):
        code = error.get_codes()
        return Problem(
            error.status_code,
            code if isinstance(code, str) else error.default_code,
            error.detail,
            extra=getattr(error, "extra", None),
        )
    if is_database_trouble(error):
        log.warning("database_away", error=type(error).__name__)
        return Problem(503, "unavailable", AWAY)
    return None


def _of_refusal(error: Refused) -> Problem:
    errors = (FieldError(error.field, error.code, str(error)),) if error.field else ()
    return Problem(STATUS_OF_REFUSAL.get(error.code, 422), error.code, error.message, errors)


def flatten(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Yield each message of REST framework's nested ``detail`` with the dotted path of its value."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_whole = name == "non_field_errors"
            yield from flatten(inner, path if is_whole else f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            is_message = isinstance(inner, str)
            if is_message or inner:
                yield from flatten(inner, path if is_message else f"{path}.{number}" if path else str(number))
    else:
        yield FieldError(path, getattr(detail, "code", "invalid"), str(detail))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Respond to what Django itself refuses, such as an unknown Host header or too many fields."""
    if request.path.startswith(API):
        problem = problem_of(exception) or Problem(400, "malformed", _("The request was not understood."))
        return problem_response(problem, request)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem_response(Problem(403, "permission_denied", TITLES[403]), request)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem_response(Problem(404, "not_found", NOT_FOUND), request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Respond to an unhandled exception: 503 with Retry-After when the database did not answer, else 500."""
    # Django calls this while it handles the exception, without passing it.
    is_away = is_database_trouble(sys.exception())
    response: HttpResponseBase
    if request.path.startswith(API):
        problem = Problem(503, "unavailable", AWAY) if is_away else Problem(500, "broken", BROKEN)
        response = problem_response(problem, request)
    elif is_away:
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    else:
        response = defaults.server_error(request)
    if is_away:
        response["Retry-After"] = str(SECONDS_UNTIL_THE_DATABASE_IS_BACK)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Respond to a form or a browser's API call whose CSRF token is missing or wrong."""
    if request.path.startswith(API):
        return problem_response(Problem(403, "csrf_failed", CSRF_FAILED), request)
    return csrf_failure_page(request, reason)
