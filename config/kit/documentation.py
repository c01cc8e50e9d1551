"""How an endpoint is described in OpenAPI: one ``Operation`` per method, with an example of each body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers

from config.kit.problems import MEDIA_TYPE, TITLES

JSON = "application/json"
View = TypeVar("View", bound=type)


class ProblemErrorOut(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Path of the value, such as context.app_version; may be empty.")
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """Problem details (RFC 9457). ``code`` is stable; ``title``, ``detail`` and messages are for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemErrorOut(many=True)  # type: ignore[assignment]


@dataclass(frozen=True)
class Body:
    """A request or response body: its serializer (None: no body) and an example."""

    serializer: Any = None
    example: Any = None
    media_type: str = JSON


@dataclass(frozen=True)
class Operation:
    """One method of an endpoint. ``name`` is its name in generated clients.

    ``refuses`` are the error statuses it may return in addition to ``answers``. ``forms`` describes the
    multipart form that is accepted instead of JSON.
    """

    name: str
    tag: str
    answers: Mapping[int, Body]
    takes: Body | None = None
    forms: Mapping[str, Any] | None = None
    refuses: tuple[int, ...] = ()
    parameters: tuple[OpenApiParameter, ...] = field(default=())


CURSOR = OpenApiParameter("cursor", str, description="From ``next`` of the page before.")
LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20})
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key and request again answer what the first did, with ``Idempotent-Replay: true``. "
    "Up to 200 visible ASCII characters; without a token at least 16, best a random UUID.",
)
LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="``en`` or ``zh-Hans``: of texts for people."
)


def documented(**operations: Operation) -> Callable[[View], View]:
    """Describe the methods of a view: ``@documented(get=..., post=...)``."""

    def decorate(view: View) -> View:
        return extend_schema_view(**{name: _schema(operation) for name, operation in operations.items()})(
            view
        )

    return decorate


def _schema(operation: Operation) -> Any:
    examples, responses = [], {}
    for status, body in operation.answers.items():
        responses[status, body.media_type] = OpenApiResponse(
            body.serializer, description=DONE.get(status, "")
        )
        if body.example is not None:
            examples.append(
                OpenApiExample("Answer", body.example, response_only=True, status_codes=[str(status)])
            )
    for status in (*operation.refuses, 429, 503):
        responses[status, MEDIA_TYPE] = OpenApiResponse(ProblemOut, description=str(TITLES[status]))
        examples.append(
            OpenApiExample(
                f"Problem {status}",
                PROBLEMS[status],
                response_only=True,
                status_codes=[str(status)],
                media_type=MEDIA_TYPE,
            )
        )
    request: Any = None
    if operation.takes is not None:
        request = {JSON: operation.takes.serializer}
        if operation.forms is not None:
            request["multipart/form-data"] = operation.forms
        examples.append(
            OpenApiExample("Request", operation.takes.example, request_only=True, media_type=JSON)
        )
    return extend_schema(
        operation_id=operation.name,
        tags=[operation.tag],
        request=request,
        responses=responses,
        examples=examples,
        parameters=[LANGUAGE, *operation.parameters],
    )


DONE = {
    200: "Done.",
    201: "Stored.",
    202: "Accepted; it goes on from there.",
    204: "Done; nothing to say.",
    207: "Each has its own status.",
}


def _problem(
    status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {
        "type": f"https://feedback.example.org/problems/{code}",
        "title": str(TITLES[status]),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": "/api/v1/feedback",
        "request_id": "0b4c6f0e8f3d4c0f9a52c7e1f4a1d9b3",
        "errors": errors or [],
    }


_EMAIL = {"field": "customer.email", "code": "invalid", "message": "Enter a valid email address."}
#: An example for each error status.
PROBLEMS: Mapping[int, dict[str, Any]] = {
    400: _problem(400, "malformed_json", "This is not JSON: line 1, column 12."),
    401: _problem(401, "token_not_usable", "This token is unknown, revoked or expired."),
    403: _problem(403, "scope_missing", "This token lacks the scope “feedback:write”."),
    404: _problem(404, "not_found", "There is nothing here, or nothing that you may see."),
    409: _problem(409, "not_solved_yet", "Rate our handling when it is over. Until then, write to us."),
    413: _problem(413, "too_large", "The request may have 15 MB at most."),
    415: _problem(
        415, "unsupported_media_type", "Send application/json, or multipart/form-data where files are taken."
    ),
    422: _problem(422, "invalid", "See “errors” for each value.", [_EMAIL]),
    429: _problem(429, "throttled", "Too many requests. Nothing was stored; send it again in 17 seconds."),
    503: _problem(
        503, "unavailable", "The database does not answer. Nothing was stored; send the same request again."
    ),
}
