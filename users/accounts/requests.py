"""The request type of staff pages."""

from __future__ import annotations

from django.http import HttpRequest

from users.accounts.models import User


class StaffRequest(HttpRequest):
    """A request admitted by ``staff_page``, for type checkers: its user is logged in, never anonymous."""

    user: User
