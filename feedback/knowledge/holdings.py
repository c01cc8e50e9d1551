"""The personal data this part holds: the known problems that a customer reported."""

from __future__ import annotations

from datetime import datetime

from feedback.knowledge.models import Report
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_reports(customer: Customer) -> Rows:
    rows = Report.objects.filter(feedback__customer=customer).order_by("pk")
    return rows.values("feedback__public_id", "problem__public_id", "at")


def keep_reports(customer: Customer, at: datetime) -> None:
    """Keep the reports: they hold no text of the customer, and still count."""


HOLDINGS = (Holding("known_problem_reports", ("feedback.Report",), export_reports, keep_reports),)
