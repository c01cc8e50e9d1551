"""What recipients do about pages."""

from __future__ import annotations

from datetime import datetime

from config.kit.errors import Refused
from tickets.crisis.models import Page
from tickets.desk.crisis_places import acknowledge
from users.accounts.models import User


def acknowledge_page(page: Page, *, actor: User, at: datetime) -> tuple[int, list[str]]:
    """Acknowledge every ticket of ``page`` that still waits; return how many, and the refusals of the others.

    Tickets that ``actor`` may not read are left out, and not even counted: one page may be about many queues.
    Each is acknowledged in its own transaction, so one that another agent takes meanwhile, or that ``actor`` may not
    work on, does not stop the others.
    """
    refused: list[str] = []
    waiting = page.places.visible_to(actor).waiting().select_related("ticket").order_by("ack_due_at", "pk")
    for place in waiting:
        try:
            acknowledge(place, actor=actor, at=at)
        except Refused as error:
            refused.append(f"{place.ticket.number}: {error}")
    return len(waiting) - len(refused), refused
