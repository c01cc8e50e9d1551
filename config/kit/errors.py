"""The base exception of every service that refuses a request, and the database errors worth a retry."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

#: Replaces the English-only messages of Django's middleware and of REST framework.
CSRF_FAILED = _("The CSRF token is missing or wrong.")


class Refused(Exception):
    """A service refused to do what was asked; the message is fit to show to a person.

    ``code`` is stable and for programs; ``field`` names the invalid input, if any.
    """

    code = "refused"
    field: str | None = None

    def __init__(self, message: Any = "", *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.message)


def is_database_trouble(error: BaseException | None) -> bool:
    """Return whether the database was unreachable or dropped the connection, so that a retry may succeed."""
    return isinstance(error, OperationalError | InterfaceError)
