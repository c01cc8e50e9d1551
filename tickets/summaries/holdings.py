"""The personal data in summaries: quotes. Erasure blanks them, in published snapshots too; the numbers stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tickets.summaries.models import Quote
from users.profiles.holdings import Holding
from users.profiles.models import Customer


def _of(customer: Customer) -> list[dict[str, Any]]:
    quotes = Quote.objects.filter(message__feedback__customer=customer).exclude(text="")
    return [
        {"summary": str(quote.pain_point.summary.public_id), "text": quote.text}
        for quote in quotes.select_related("pain_point__summary").order_by("id")
    ]


def _erase(customer: Customer, at: datetime) -> None:
    # The trigger on quotes allows exactly this update.
    Quote.objects.filter(message__feedback__customer=customer).exclude(text="").update(text="")


HOLDINGS = (Holding("quotes", ("tickets.Quote",), _of, _erase),)
