"""What is held about a person, and how each holder shows and erases it.

Each part that keeps personal data registers a holding in ``AppConfig.ready``; a contract test fails
for a model with a path to Customer and no holding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from users.profiles.models import Customer


@dataclass(frozen=True)
class Holding:
    """``export(customer)`` returns JSON-ready rows; ``erase(customer, at)`` nulls texts and keeps counts.

    ``models`` are the labels ("app.Model") this holding answers for.
    """

    name: str
    models: tuple[str, ...]
    export: Callable[[Customer], list[dict[str, Any]]]
    erase: Callable[[Customer, datetime], None]


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Make ``holding`` known under its name; later ones are erased first, as they depend on earlier."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """Return all holdings in the order they were registered."""
    return list(_holdings.values())


def export_customer(customer: Customer) -> dict[str, list[dict[str, Any]]]:
    """Return everything held about ``customer``, by holding, ready for JSON."""
    return {holding.name: holding.export(customer) for holding in holdings()}
