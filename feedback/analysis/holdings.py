"""The personal data the analysis holds: the assessments of a customer's messages."""

from __future__ import annotations

from datetime import datetime

from feedback.analysis.models import Assessment, Correction, MessageSearch, MessageVector
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer

ASSESSMENT_COLUMNS = (
    "message__public_id", "language", "sentiment", "tone", "urgency", "lane", "categories", "topic", "flags",
    "reasons", "model_version", "assessed_at",
)  # fmt: skip


def export_assessments(customer: Customer) -> Rows:
    rows = Assessment.objects.filter(message__feedback__customer=customer).order_by("pk")
    return rows.values(*ASSESSMENT_COLUMNS)


def erase_assessments(customer: Customer, at: datetime) -> None:
    """Erase what could reveal the text: reasons quote it, a vector can be inverted. Scores stay, for figures."""
    Assessment.objects.filter(message__feedback__customer=customer).update(reasons=[], flags=[])
    MessageVector.objects.filter(message__feedback__customer=customer).delete()
    MessageSearch.objects.filter(message__feedback__customer=customer).delete()


def export_corrections(customer: Customer) -> Rows:
    rows = Correction.objects.filter(message__feedback__customer=customer).order_by("pk")
    return rows.values("message__public_id", "field", "old", "new", "at")


def erase_corrections(customer: Customer, at: datetime) -> None:
    Correction.objects.filter(message__feedback__customer=customer).update(reason="")


HOLDINGS = (
    Holding(
        "assessments",
        ("feedback.Assessment", "feedback.MessageVector", "feedback.MessageSearch"),
        export_assessments,
        erase_assessments,
    ),
    Holding("corrections", ("feedback.Correction",), export_corrections, erase_corrections),
)
