"""The one anticipated "no" of every service."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

#: Said by Django's middleware and by REST framework, each of which has English of its own.
CSRF_FAILED = _("The CSRF token is missing or wrong.")


class Refused(Exception):
    """A service declined to do the thing; the message is fit to show to a person.

    ``code`` is stable and for programs, ``field`` names the input at fault where there is one.
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
    """Say whether the database could not be reached or dropped the connection: the same request may be tried again."""
    return isinstance(error, OperationalError | InterfaceError)
