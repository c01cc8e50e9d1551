"""The personal data held by themes: which theme each message counts in. Without text: erasure keeps the counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback.themes.models import ThemePlace
from users.profiles.holdings import Holding
from users.profiles.models import Customer


def _of(customer: Customer) -> list[dict[str, Any]]:
    places = ThemePlace.objects.filter(message__feedback__customer=customer, theme__isnull=False)
    return [
        {"message": str(place.message.public_id), "theme": str(place.theme)}
        for place in places.select_related("message", "theme").order_by("message")
    ]


def _keep(customer: Customer, at: datetime) -> None:
    """Keep the places: "one message of theme 7" identifies no one, and the statistics need it."""


HOLDINGS = (Holding("themes", ("feedback.ThemePlace",), _of, _keep),)
