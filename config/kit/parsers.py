"""Parse request bodies so that nothing in them can break later code.

Values that PostgreSQL or a UTF-8 response cannot hold do not get past here, and a malformed body is
refused with a message that says where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

#: Room for one file of 10 MB in base64; more or larger files need multipart.
MOST_JSON_BYTES = 15 * 1024 * 1024
MOST_MULTIPART_BYTES = 32 * 1024 * 1024
MOST_DEPTH = 32

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class DuplicateName(ValueError):
    """A JSON object has a name twice, so that it is unclear which value is meant."""


class StrictJSONParser(BaseParser):
    """JSON in UTF-8: bounded, no NaN, no duplicate names, no lone surrogates, no 200 kB of brackets."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = read_bounded(stream, parser_context, most=MOST_JSON_BYTES)
        request = (parser_context or {}).get("request")
        if request is not None:
            # Kept for intake, which stores the body as it arrived.
            request.raw_json = content
        return parse_json(content)


class BoundedMultiPartParser(MultiPartParser):
    """Form data with files, refused before it is read when its Content-Length is too large."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles[Any, Any]:
        check_length(parser_context, most=MOST_MULTIPART_BYTES)
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooLarge(_("The fields of the form are too large together.")) from None
        except UnicodeDecodeError:
            raise ParseError(_("The form is not valid UTF-8."), code="not_utf8") from None


def read_bounded(stream: IO[Any], context: Mapping[str, Any] | None, *, most: int) -> bytes:
    """Return all of ``stream``. Raises TooLarge above ``most`` bytes, whatever its Content-Length says."""
    check_length(context, most=most)
    content: bytes = stream.read(most + 1)
    if len(content) > most:
        raise TooLarge(_too_large(most))
    return content


def check_length(context: Mapping[str, Any] | None, *, most: int) -> None:
    """Raise TooLarge when the Content-Length exceeds ``most`` bytes or is not a number."""
    meta = context["request"].META if context and "request" in context else {}
    text = str(meta.get("CONTENT_LENGTH") or "0")
    if not text.isdecimal() or int(text) > most:
        raise TooLarge(_too_large(most))


def _too_large(most: int) -> Any:
    return _("The request may have %(most)d MB at most.") % {"most": most // 1024**2}


def parse_json(content: bytes) -> Any:
    """Return the value in ``content``. Raises ParseError, with the position when it is known."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(
            _("The JSON is not valid UTF-8 (byte %(at)d).") % {"at": error.start}, code="not_utf8"
        ) from None
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ParseError(
            _("This is not JSON: line %(line)d, column %(column)d.")
            % {"line": error.lineno, "column": error.colno},
            code="malformed_json",
        ) from None
    except DuplicateName as error:
        raise ParseError(
            _("The JSON has the name “%(name)s” twice in one object.") % {"name": str(error)},
            code="duplicate_name",
        ) from None
    except RecursionError:
        raise ParseError(_("The JSON is nested too deeply."), code="too_deep") from None
    except ValueError:
        # NaN, Infinity, numbers of thousands of digits.
        raise ParseError(_("The JSON has a number that is none."), code="malformed_json") from None
    if content.count(b"[") + content.count(b"{") > MOST_DEPTH and is_too_deep(value):
        raise ParseError(_("The JSON is nested too deeply."), code="too_deep")
    return without_surrogates(value) if _ESCAPED_SURROGATE.search(content) else value


def is_too_deep(value: Any) -> bool:
    """Return whether ``value`` is nested deeper than MOST_DEPTH, without recursion, since it guards against it."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            return True
        inner: list[Any] = []
        for each in level:
            if isinstance(each, list):
                inner += each
            elif isinstance(each, dict):
                inner += each.values()
        level = inner
    return False


def without_surrogates(value: Any) -> Any:
    """Return ``value`` with U+FFFD for each lone surrogate, such as half an emoji cut off by a phone."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_surrogates(inner) for inner in value]
    if isinstance(value, dict):
        return {without_surrogates(name): without_surrogates(inner) for name, inner in value.items()}
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise DuplicateName(next(name for name in names if names.count(name) > 1)[:60])
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
