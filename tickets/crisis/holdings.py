"""What paging holds about a person: that our staff were notified of their message. No text, no address."""

from __future__ import annotations

from datetime import datetime

from tickets.crisis.models import PageDelivery, PagePlace
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_pages(customer: Customer) -> Rows:
    rows = PagePlace.objects.filter(place__ticket__feedback__customer=customer).order_by("pk")
    return rows.values("place__category", "joined_at")


def erase_pages(customer: Customer, at: datetime) -> None:
    """Clear the remote servers' errors, which may quote the notice; the times of pages stay."""
    PageDelivery.objects.filter(event__ticket__feedback__customer=customer).update(last_error="")


HOLDINGS = (Holding("pages", ("tickets.PagePlace", "tickets.PageDelivery"), export_pages, erase_pages),)
