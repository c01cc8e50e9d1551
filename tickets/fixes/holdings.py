"""The personal data held about people notified of a fix. The text sent to them is a message and held there."""

from __future__ import annotations

from datetime import datetime

from tickets.fixes.models import Reason, Reporter, ReporterState
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_reports(customer: Customer) -> Rows:
    rows = Reporter.objects.filter(customer=customer).order_by("pk")
    return rows.values("fix__version", "feedback__public_id", "state", "reason", "told_at", "answer")


def erase_reports(customer: Customer, at: datetime) -> None:
    """Cancel notifications still waiting; the rows hold no text and stay in the counts."""
    waiting = Reporter.objects.filter(customer=customer, state=ReporterState.WAITING)
    waiting.update(state=ReporterState.HELD, reason=Reason.ERASED)


HOLDINGS = (Holding("fixes", ("tickets.Reporter",), export_reports, erase_reports),)
