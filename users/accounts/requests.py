"""What pages of staff know about the request they answer."""

from __future__ import annotations

from django.http import HttpRequest

from users.accounts.models import User


class StaffRequest(HttpRequest):
    """A request that ``staff_page`` let in, for type checkers: it comes from a login, never from nobody."""

    user: User
