"""The personal data that mail holds in addition to messages: bounces of mail to a customer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from feedback.channels.email.models import Bounce
from feedback.intake.models import RawMessage
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_bounces(customer: Customer) -> Rows:
    rows = Bounce.objects.filter(message__feedback__customer=customer).order_by("pk")
    return rows.values("message__public_id", "email", "status", "diagnostic", "is_permanent", "at")


def erase_bounces(customer: Customer, at: datetime) -> None:
    rows = Bounce.objects.filter(message__feedback__customer=customer)
    RawMessage.objects.filter(pk__in=rows.values("raw")).update(content=b"")
    rows.update(email=Concat(Value("erased:"), Cast("pk", CharField())), diagnostic="")


HOLDINGS = (Holding("bounces", ("feedback.Bounce",), export_bounces, erase_bounces),)
