"""The limit on login attempts, shared by the login page and the API."""

from __future__ import annotations

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext_lazy
from unfold.forms import AuthenticationForm

from config.kit.throttles import places_of, wait_of


def wait_to_log_in(request: HttpRequest, name: object) -> float | None:
    """Count an attempt to log in as ``name``; return how many seconds to wait, None when it is allowed now.

    A name allows more attempts than an address, so that knowing an agent's name is not enough to lock them out.
    """
    address, _network = places_of(request)
    return wait_of({address: "session_logins", f"name:{str(name)[:150]}": "name_logins"})


class LoginForm(AuthenticationForm):
    """The form of the admin's login page, configured in settings.UNFOLD."""

    def clean(self) -> dict[str, Any]:
        wait = wait_to_log_in(self.request, self.cleaned_data.get("username", ""))
        if wait is not None:
            minutes = math.ceil(wait / 60)
            message = ngettext_lazy(
                "Too many tries to log in. Wait %(minutes)d minute.",
                "Too many tries to log in. Wait %(minutes)d minutes.",
                minutes,
            )
            raise ValidationError(message % {"minutes": minutes}, code="too_many_tries")
        cleaned: dict[str, Any] = super().clean()
        return cleaned
