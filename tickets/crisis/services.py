"""What people do about pages."""

from __future__ import annotations

from datetime import datetime

from config.kit.errors import Refused
from tickets.crisis.models import Page
from tickets.desk.crisis_places import acknowledge
from users.accounts.models import User


def acknowledge_page(page: Page, *, actor: User, at: datetime) -> tuple[int, list[str]]:
    """Take every ticket of ``page`` that still waits, each as if by hand; return how many, and why not the others.

    Of those that ``actor`` may not read nothing is told, not even the number: one page may tell of many queues.

    Each is a transaction of its own: what somebody else takes meanwhile, or ``actor`` may not work on, stops no other.
    """
    refused: list[str] = []
    waiting = page.places.visible_to(actor).waiting().select_related("ticket").order_by("ack_due_at", "pk")
    for place in waiting:
        try:
            acknowledge(place, actor=actor, at=at)
        except Refused as error:
            refused.append(f"{place.ticket.number}: {error}")
    return len(waiting) - len(refused), refused
