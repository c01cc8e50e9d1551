"""The registry of personal data: how each part exports and erases what it holds about a person.

Each part that keeps personal data registers a holding in ``AppConfig.ready``; a contract test fails
for a model with a path to Customer and no holding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from users.profiles.models import Customer
from users.profiles.services import current

log = structlog.get_logger(__name__)


#: Rows for DjangoJSONEncoder.
Rows = Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class Holding:
    """``export(customer)`` returns rows; ``erase(customer, at)`` blanks texts and keeps what statistics count.

    ``models`` are the labels ("app.Model") that this holding covers. Both functions are called for each of the
    customers that were merged into one person.
    """

    name: str
    models: tuple[str, ...]
    export: Callable[[Customer], Rows]
    erase: Callable[[Customer, datetime], None]


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Register ``holding`` under its name; later ones are erased first, as they depend on earlier ones."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """Return all holdings in the order they were registered."""
    return list(_holdings.values())


def export_customer(customer: Customer) -> dict[str, list[Mapping[str, object]]]:
    """Return everything held about the person ``customer`` by name of holding, for DjangoJSONEncoder."""
    people = list(Customer.objects.one_person(customer).order_by("pk"))
    return {
        holding.name: [row for person in people for row in holding.export(person)] for holding in holdings()
    }


def _held_person(customer: Customer) -> list[Customer]:
    """Lock and return all customers who are the person ``customer``, again if a merge was committed meanwhile.

    While all of them are locked no further merge can happen: it would have to lock one of them first.
    """
    held: set[int] | None = None
    while True:
        kept = current(Customer.objects.select_related("merged_into").get(pk=customer.pk))
        people = list(Customer.objects.select_for_update().one_person(kept).order_by("pk"))
        if held == (held := {person.pk for person in people}):
            return people


@transaction.atomic
def erase_customer(customer: Customer, *, at: datetime) -> None:
    """Irreversibly blank every text and address held about the person ``customer``; statistics stay.

    Repeating it changes nothing. The log has the ids of who was erased, so that the erasure can be repeated on
    a restored backup.
    """
    for person in _held_person(customer):
        for holding in reversed(holdings()):
            holding.erase(person, at)
        log.info("customer_erased", customer=str(person.public_id))
