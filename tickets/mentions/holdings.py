"""Mentions and followers hold no customer data: they only say which colleague looked at which ticket."""

from __future__ import annotations

from datetime import datetime

from tickets.mentions.models import Mention
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer


def export_nothing(customer: Customer) -> Rows:
    return Mention.objects.none().values("pk")


def erase_nothing(customer: Customer, at: datetime) -> None:
    """Do nothing: the notes themselves are ticket events and erased there."""


HOLDINGS = (Holding("mentions", ("tickets.Follower", "tickets.Mention"), export_nothing, erase_nothing),)
